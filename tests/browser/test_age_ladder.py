"""The age ladder under a person's hands: every choice is one move, stands in the address, and comes back from it."""

import csv
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data import policy
from data.store import Store
from pages.parts import numerals
from tests.browser.visit import Visit
from tests.server import PAGES, serving

TEAM, SHORT_TEAM = "township_team_35", "township_team_30"
MONTH = re.compile(r"\d{4}年\d{1,2}月|[A-Z][a-z]{2} \d{4}")
TENTHS = re.compile(r"about \d in 10")
"""A chance in tenths, which Chinese writes without a figure: 约四成."""
NUMBER = re.compile(r"[+−]?\d[\d.,-]*\d%?|[+−]?\d%?")
LATIN = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
DRAWN_WITHIN = 30
OWN_TO_CHINESE_VIEW = {"English"}
OF_STREAMLIT = {"Skip to main content"}
PAINTED = """() => {
    const figures = [...document.querySelectorAll("[data-testid=stPlotlyChart]")];
    return figures.length > 0 && figures.every((figure) => figure.querySelector(".main-svg"));
}"""
SEEN = Path(__file__).with_name("seen.js").read_text(encoding="utf-8")
DATA = {"unit": ["name"], "member": ["name"], "posting": ["post"]}
RULES = ["document", "clause"]

Open = Callable[[str], Visit]


@pytest.fixture(scope="module")
def window(browser: Browser, app_url: str) -> Iterator[Visit]:
    """One window for all these tests, so that only the first of them fetches the program."""
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield Visit(page, app_url)
    page.close()


@pytest.fixture
def at(window: Visit) -> Iterator[Open]:
    """Open the page at an address: `at("lang=en&target=township_team_35")`.

    Whatever a test does, nothing may be complained about and nothing asked for outside this machine.
    """

    def open_at(codes: str = "") -> Visit:
        window.open(f"age_ladder?{codes}").wait_for_function(PAINTED)
        return window

    yield open_at
    assert window.complaints == []
    assert window.strangers() == []


def address(page: Page) -> dict[str, str]:
    """The codes in the address."""
    return {name: codes[-1] for name, codes in parse_qs(urlsplit(page.url).query).items()}


def gets(visit: Visit, **codes: str) -> None:
    """Wait until the address holds these codes, and for what they bring."""
    wanted = "".join(f"(?=.*[?&]{name}={re.escape(code)}(&|$))" for name, code in codes.items())
    visit.page.wait_for_url(re.compile(f"^{wanted}"))
    visit.settle()


def title(page: Page) -> Locator:
    """The finding at the top."""
    return page.locator("h1.page-title")


def row(page: Page, target: str) -> Locator:
    """A row of the ledger."""
    return page.locator(f".ledger .row[data-target={target}]")


def texts(page: Page) -> list[str]:
    """Every text that can be seen, in our own elements too."""
    seen: list[str] = page.evaluate(SEEN)
    return seen


def numbers(page: Page) -> Counter[str]:
    """Every number that can be seen, as it is written."""
    return Counter(number for text in texts(page) for number in NUMBER.findall(TENTHS.sub("", MONTH.sub("", text))))


def test_a_click_on_a_row_of_the_ledger_changes_the_whole_page(at: Open) -> None:
    visit = at("lang=en")
    row(visit.page, TEAM).click()
    gets(visit, target=TEAM)
    expect(title(visit.page)).to_contain_text("Township team members, 35 and under")
    expect(row(visit.page, TEAM)).to_have_attribute("aria-selected", "true")
    expect(visit.page.get_by_role("option", selected=True)).to_have_count(1)
    expect(visit.page.locator(".page-foot")).to_contain_text("35 and under = younger than 36")


def test_the_ledger_is_worked_with_arrows_and_enter(at: Open) -> None:
    visit = at(f"target={TEAM}")
    page = visit.page
    page.get_by_role("option", selected=True).focus()
    page.keyboard.press("ArrowDown")
    expect(row(page, SHORT_TEAM)).to_be_focused()
    assert address(page) == {"target": TEAM}
    page.keyboard.press("Enter")
    gets(visit, target=SHORT_TEAM)
    expect(row(page, SHORT_TEAM)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    gets(visit, target="township_principals_around_35")


def test_the_timeline_is_worked_with_arrows(at: Open) -> None:
    visit = at(f"lang=en&target={TEAM}")
    slider = visit.page.get_by_role("slider")
    slider.focus()
    visit.page.keyboard.press("ArrowRight")
    gets(visit, month="2026-11")
    expect(slider).to_be_focused()
    expect(visit.page.locator(".page-foot")).to_contain_text("at Nov 2026")
    for _ in range(3):
        visit.page.keyboard.press("PageUp")
    gets(visit, month="2029-11")


def test_a_click_on_a_term_change_goes_to_its_month(at: Open) -> None:
    visit = at(f"lang=en&target={TEAM}")
    visit.page.get_by_role("button", name="this term").click()
    gets(visit, month="2026-12")
    expect(title(visit.page)).not_to_contain_text("at the term change")


def drawn(page: Page, expected: Counter[str]) -> Counter[str]:
    """The numbers to be seen once they are those expected; those seen at last, where they never are."""
    deadline = time.monotonic() + DRAWN_WITHIN
    while numbers(page) != expected and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    return numbers(page)


def test_another_language_is_one_click_and_changes_no_number(at: Open) -> None:
    visit = at(f"target={TEAM}&unit=001.001&month=2026-11&sex=female")
    chinese = numbers(visit.page)
    visit.page.get_by_role("button", name="English").click()
    gets(visit, lang="en")
    kept = {"target": TEAM, "unit": "001.001", "month": "2026-11", "sex": "female", "lang": "en"}
    assert address(visit.page) == kept
    expect(title(visit.page)).to_contain_text("Township team members")
    expect(visit.page.locator(".st-key-plot_age_ladder-ladder")).to_contain_text("men ")
    assert drawn(visit.page, chinese) == chinese
    link = urlsplit(visit.page.url).query
    for language in ("lang=zh_CN", "lang=en"):
        assert drawn(at(link.replace("lang=en", language)).page, chinese) == chinese


def test_a_click_on_a_bar_chooses_the_unit(at: Open) -> None:
    visit = at(f"target={TEAM}&lang=en")
    visit.page.locator(".st-key-plot_age_ladder-by_unit .bars .point path").first.click(force=True)
    gets(visit, unit="001.001")
    expect(title(visit.page)).to_contain_text("甲县: Township team members")


def test_a_click_in_the_matrix_chooses_unit_and_target(at: Open) -> None:
    visit = at(f"target={TEAM}&unit=001.001&lang=en")
    cell = visit.page.locator(".st-key-plot_age_ladder-heat .textpoint").first
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.wait_for_url(re.compile(r"unit=001\.001\.\d+"))
    visit.settle()
    assert address(visit.page)["unit"].startswith("001.001.")
    expect(row(visit.page, address(visit.page)["target"])).to_have_attribute("aria-selected", "true")


def test_the_evidence_shows_what_was_asked_and_gives_its_rows(at: Open) -> None:
    visit = at(f"target={TEAM}&lang=en")
    page = visit.page
    page.locator(".st-key-explain_age_ladder-change button").click()
    evidence = page.get_by_test_id("stPopoverBody")
    for fact in (
        "Question: age_ladder/change: ",
        "until = 202610, target = township_team_35",
        "9 rows",
        "younger than 36",
    ):
        expect(evidence).to_contain_text(fact)
    expect(evidence.locator("code")).to_contain_text("from age_target")
    with page.expect_download() as started:
        evidence.get_by_role("button", name="Download CSV").click()
    heads, first, *_ = csv.reader(Path(started.value.path()).read_text(encoding="utf-8-sig").splitlines())
    assert started.value.suggested_filename.startswith("age_ladder-change-")
    expect(evidence.locator("[role=columnheader]")).to_have_text(heads)
    cells = [evidence.locator("[role=gridcell]").nth(place).text_content() for place in range(len(first))]
    assert first == [(cell or "").replace(numerals.MINUS, "-") for cell in cells]


def test_the_chinese_view_says_nothing_in_english(at: Open) -> None:
    page = at(f"target={TEAM}").page
    said = [text for text in texts(page) if text not in OWN_TO_CHINESE_VIEW | OF_STREAMLIT]
    build = re.compile(r"版本\s[0-9a-f]{12}$")
    assert [text for text in said if LATIN.search(build.sub("", text))] == []
    own = page.locator(".ledger [aria-label], .timeline [aria-label], .table-box")
    labels = [label.get_attribute("aria-label") or "" for label in own.all()]
    assert labels
    assert [label for label in labels if LATIN.search(label)] == []


def test_the_english_view_says_nothing_in_chinese_but_the_data(at: Open, small_city: Store) -> None:
    page = at(f"target={TEAM}&lang=en").page
    known = "\n".join(data_of(small_city))
    strange = [run for text in texts(page) if text != "中文" for run in CHINESE.findall(text) if run not in known]
    assert strange == []


def data_of(store: Store) -> set[str]:
    """Names, units, posts and source documents: what stays in its own language."""
    files = [(file, columns) for source, columns in DATA.items() for file in store.manifest().files(source)]
    tables = [pq.read_table(file, columns=columns) for file, columns in files]
    tables.append(policy.all_tables()["age_target"].select(RULES))
    return {str(cell) for table in tables for column in table.columns for cell in column.to_pylist() if cell}


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_on_a_cold_server_runs_the_door_first(browser: Browser, small_city: Store, name: str) -> None:
    with serving(small_city.root) as url:
        visit = Visit(browser.new_page(), url)
        page = visit.open(f"{name}?lang=en")
        expect(page.get_by_role("button", name="中文")).to_be_visible()
        expect(page.locator(".house-name")).to_have_text("Cadre workforce")
        assert urlsplit(page.url).path == f"/{name}"
        page.close()
