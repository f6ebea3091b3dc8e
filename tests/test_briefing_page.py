"""The page of briefings: the choice is the address, files come in one click, what is endorsed stays as it was."""

import io
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from data import endorsed
from data.access import LOCAL
from data.store import Store
from pages.parts import answers, briefing, chosen, document, press, words
from tests.conftest import OpenPage, well
from tests.test_pages import GUEST, address, names_in, said, title

PAGE = "briefing"
SHORT = "age_ladder/quota|age_ladder/ladder"


@pytest.fixture(autouse=True)
def without_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing to PDF, which takes a browser, is tested for itself."""
    monkeypatch.setattr(document, "browser", lambda: None)


@pytest.fixture
def page_store(cadre_store: Store, tmp_path: Path) -> Store:
    """What the page shows, and where it keeps what is endorsed."""
    return Store(Path(shutil.copytree(cadre_store.root, tmp_path / "house")))


def rows(app: AppTest) -> list[str]:
    """The figures on the page, in order."""
    return [each.label.partition("　")[2] for each in app.expander]


def printed(app: AppTest) -> AppTest:
    """The same page, once its files are made."""
    well(app.button(key="make").click().run())
    for thread in threading.enumerate():
        if thread.name == "printing":
            thread.join(60)
    return well(app.run())


def told(app: AppTest) -> str:
    """Everything that the page says in small type and in boxes."""
    return " ".join([*said(app), *(each.value for kind in (app.error, app.warning, app.success) for each in kind)])


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("name", briefing.templates())
def test_a_template_shows_its_figures_in_order(page: OpenPage, name: str, language: str) -> None:
    app = page(template=name, lang=language)
    known = chosen.figures(words.of(language))
    expected = [known[item.exhibit] for item in briefing.templates()[name].items]
    colon = {"en": ": ", "zh_CN": "："}[language]
    assert rows(app) == [f"{shown.topic}{colon}{shown.name}" for shown in expected]


def test_a_figure_is_moved_left_out_and_added_in_the_address(page: OpenPage) -> None:
    app = page(lang="en", show=SHORT)
    assert rows(app) == ["Age ladder: Targets", "Age ladder: Age ladder"]
    well(app.button(key="down_age_ladder-quota-0").click().run())
    assert address(app)["show"] == "age_ladder/ladder|age_ladder/quota"
    well(app.button(key="out_age_ladder-ladder-0").click().run())
    assert address(app)["show"] == "age_ladder/quota"
    well(app.selectbox(key="add_figure").select("rotation/balance").run())
    assert address(app)["show"] == "age_ladder/quota|rotation/balance?"
    assert title(app) == "Quarterly analysis: 2 figures"


def test_a_filter_is_chosen_by_name_and_kept_as_a_code(page: OpenPage) -> None:
    app = page(lang="en", show="age_ladder/ladder")
    target = app.selectbox(key="filter_age_ladder-ladder-0_target")
    assert "Township team members, 35 and under" in target.options
    well(target.select("team_35").run())
    assert address(app)["show"] == "age_ladder/ladder;target=team_35"
    assert rows(app) == ["Age ladder: Age ladder · Target Township team members, 35 and under"]


def test_the_choice_of_a_template_begins_anew(page: OpenPage) -> None:
    app = page(lang="en", show=SHORT)
    well(app.selectbox(key="choose_template").select("年度考核").run())
    assert address(app) == {"lang": "en", "template": "年度考核"}


@pytest.mark.parametrize("codes", [{"template": "x"}, {"show": "x/y"}, {"as": "999"}, {"in": "fr"}, {"since": "7"}])
def test_a_code_that_nobody_knows_is_passed_over(page: OpenPage, codes: dict[str, str]) -> None:
    assert title(page(lang="en", **codes)).startswith("Quarterly analysis")


def test_what_has_nothing_to_show_says_so_where_it_stands(page: OpenPage) -> None:
    app = page(lang="en", show="assessment/years;year=1999")
    assert "It stops the briefing: No unit has been assessed in 1999." in told(app)


def test_one_click_makes_the_files(page: OpenPage) -> None:
    app = printed(page(lang="en", show=SHORT, month="2026-11"))
    state = next(reversed(press.PRESS.states.values()))
    slides = Presentation(io.BytesIO(state.result.files[".pptx"])).slides
    assert len(slides) == 3
    assert "2 figures of build" in told(app)
    assert [each.proto.label for each in app.get("download_button")][:2] == ["Slides (.pptx)", "Workbook (.xlsx)"]


def test_what_keeps_it_from_being_printed_is_a_sentence(page: OpenPage) -> None:
    app = printed(page(lang="en", show="assessment/years;year=1999"))
    assert "“Places year by year” has nothing to show: No unit has been assessed in 1999." in told(app)


def endorse(app: AppTest, who: str) -> AppTest:
    """The same page, once what was printed is endorsed."""
    app.text_input(key="endorse_who").input(who)
    return well(app.button(key="endorse").click().run())


def test_what_is_endorsed_stands_in_the_list_and_is_rendered_the_same(page: OpenPage, page_store: Store) -> None:
    app = endorse(printed(page(lang="en", show=SHORT)), "张样甲")
    (record,) = endorsed.every(page_store)
    assert (record.who, record.as_of, record.template) == ("张样甲", 202610, "季度分析")
    assert "Endorsed as 0001." in told(app)
    assert any("0001 Quarterly analysis" in text for text in said(app, "table-box"))
    well(app.button(key="again").click().run())
    for thread in threading.enumerate():
        if thread.name == "printing":
            thread.join(60)
    assert "0001 is rendered the same, bit for bit." in told(well(app.run()))


def test_nobody_endorses_without_a_name(page: OpenPage, page_store: Store) -> None:
    app = endorse(printed(page(lang="en", show=SHORT)), " ")
    assert "Nobody is named who does this; give a name." in told(app)
    assert endorsed.every(page_store) == ()


def test_what_changed_since_the_last_one_is_told(page: OpenPage) -> None:
    endorse(printed(page(lang="en", show=SHORT)), "张样甲")
    app = printed(page(lang="en", show=SHORT, month="2027-02", more="changes", told="first"))
    shown = next(text for text in said(app, "table-box") if "Spare" in text)
    # the only one of the townships' teams under 30 passes the line: one short in October, two in February
    assert "Township team members, 30 and under Spare −1 −2 −1" in shown
    state = next(reversed(press.PRESS.states.values()))
    first = list(Presentation(io.BytesIO(state.result.files[".pptx"])).slides)[1]
    assert first.shapes.title is not None
    assert first.shapes.title.text_frame.text.startswith("Since Oct 2026: ")


def test_a_withdrawn_one_stays_and_is_compared_with_no_more(page: OpenPage) -> None:
    app = endorse(printed(page(lang="en", show=SHORT)), "张样甲")
    app.text_input(key="withdraw_who").input("李样乙")
    app.text_input(key="withdraw_reason").input("数据有误")
    app = well(app.button(key="withdraw").click().run())
    assert any("by 李样乙: 数据有误" in text for text in said(app, "table-box"))
    assert "No briefing of this template is endorsed yet" in told(page(lang="en", show=SHORT, more="changes"))


def test_a_choice_is_kept_as_a_template_and_removed_again(page: OpenPage, page_store: Store) -> None:
    app = page(lang="en", show=SHORT)
    app.text_input(key="template_name").input("党组会")
    well(app.button(key="save_template").click().run())
    assert address(app) == {"lang": "en", "template": "党组会"}
    assert rows(app) == ["Age ladder: Targets", "Age ladder: Age ladder"]
    well(app.button(key="remove_template").click().run())
    assert "党组会" not in chosen.templates(page_store)
    assert rows(app) == ["Age ladder: Targets", "Age ladder: Age ladder"]


# --- rights ---

PEOPLE = "age_ladder/boundary|age_ladder/quota"


def test_as_seen_by_somebody_without_names_a_list_of_people_is_not_shown(page: OpenPage) -> None:
    assert names_in(page(lang="en", show=PEOPLE)) != set()
    app = page(lang="en", show=PEOPLE, **{"as": "reader"})
    assert names_in(app) == set()
    assert "This list of people is not shown to a reader without names." in told(app)


def test_for_whom_nobody_knows_there_are_no_names(page: OpenPage) -> None:
    app = page(lang="en", show=PEOPLE, **{"as": "gone"})
    assert names_in(app) == set()
    assert address(app)["as"] == "reader"


def test_a_damaged_record_is_named_and_the_page_stands(page: OpenPage, page_store: Store) -> None:
    record = page_store.briefings / "0009" / "record.toml"
    record.parent.mkdir(parents=True)
    record.write_text("title = ", encoding="utf-8")
    app = page(lang="en", show=SHORT)
    shutil.rmtree(record.parent)
    assert ["0009" in error.value for error in app.error] == [True]
    assert "2 figures" in title(app)


@pytest.mark.parametrize(
    "show",
    [
        *("assessment/years;year=abc", "welfare/uptake;year=abc", "welfare/trend;item=x"),
        *("welfare/gap;by=x", "outlook/step;round=9"),
    ],
)
def test_a_filter_that_nobody_knows_is_said_where_its_figure_would_stand(page: OpenPage, show: str) -> None:
    assert "It stops the briefing: " in told(page(lang="en", show=show))


def test_whoever_sees_every_unit_without_names_sees_the_same_numbers(page: OpenPage) -> None:
    seen = [said(page(lang="en", show="age_ladder/quota", **{"as": code}), "paper-title") for code in ("", "reader")]
    assert (
        seen[0]
        == seen[1]
        == ["6 targets: 1 met, 3 at the edge, 2 short; at the term change, if nobody moves, 2 short Targets · people"]
    )


def test_a_unit_alone_is_shown_as_it_sees_itself(page: OpenPage) -> None:
    app = page(lang="en", show="age_ladder/ladder", **{"as": "001.002"})
    assert said(app, "paper-title") == said(page(lang="en", show="age_ladder/ladder;unit=001.002"), "paper-title")


def test_nobody_is_offered_more_than_they_see(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    printed_for_all = endorse(printed(page(lang="en", show=PEOPLE)), "张样甲")
    assert "0001" in told(printed_for_all)
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    app: Any = page(lang="en", show=PEOPLE, **{"as": "local"})
    assert names_in(app) == set()
    assert "None is endorsed yet that this reader may see." in told(app)
    assert LOCAL.names
