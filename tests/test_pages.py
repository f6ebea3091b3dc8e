"""The pages as the server runs them: every code in the address takes effect, and nobody sees what is not theirs."""

import json
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import queries
from data.access import EVERY_UNIT, LOCAL, Viewer
from data.store import Store
from pages.exhibits import age_ladder as exhibits
from pages.parts import answers, look, show, words
from pages.parts.kept import Kept
from queries import warehouse
from tests.conftest import CADRE, CADRE_MONTH, OpenPage, well

PAGE = "age_ladder"
NAMES = [line.split(",")[1] for line in (CADRE / "member.csv").read_text(encoding="utf-8").splitlines()[1:]]
GUEST = Viewer("guest", (EVERY_UNIT,), may=frozenset({"read"}))
POPOVERS = {f"explain_{exhibit.key}" for exhibit in exhibits.EXHIBITS}
PARTS = {"units": 1, "levels": 1, "people": 3}
"""What the page shows one of, below all else, and how many figures it is."""
CROSSING = {"since": CADRE_MONTH, "until": 202801}
MONTH = re.compile(r"\d{4}年\d{1,2}月|[A-Z][a-z]{2} \d{4}")
NUMBER = re.compile(r"[+−]?\d[\d.,]*\d%?|[+−]?\d%?")


def said(app: AppTest, kind: str = "") -> list[str]:
    """The texts of the page that are laid as HTML (of one kind: "takeaway"), without their marks."""
    bodies = [element.proto.body for element in app.get("html") if f'class="{kind}' in element.proto.body]
    return [" ".join(re.sub(r"<[^>]+>", " ", body).split()) for body in bodies]


def title(app: AppTest) -> str:
    """The finding at the top, without the note under it."""
    body = next(element.proto.body for element in app.get("html") if "<h1" in element.proto.body)
    return re.sub(r"<[^>]+>", "", body.split("</h1>")[0]).replace("\N{NO-BREAK SPACE}", " ")


def everything(app: AppTest) -> bytes:
    """All that the page sends to the browser: texts, tables, figures and what the drawn elements are fed with."""
    return b"\n".join(sent(app.main)) + b"\n".join(sent(app.sidebar))


def sent(block: Any) -> Iterator[bytes]:
    """What a block of the page and all within it are made of."""
    for child in getattr(block, "children", {}).values():
        if getattr(child, "proto", None) is not None:
            yield child.proto.SerializeToString()
        yield from sent(child)


def charts(app: AppTest) -> set[str]:
    """The figures on the page, by their exhibits' keys."""
    return {str(chart.key).removeprefix("plot_") for chart in app.get("plotly_chart")}


def names_in(app: AppTest) -> set[str]:
    """Which of the twelve are named anywhere on the page, also where the text is escaped."""
    sends = everything(app)
    return {name for name in NAMES if name.encode() in sends or json.dumps(name)[1:-1].encode() in sends}


# --- languages and the address --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_page_runs_to_its_end_in_either_language(page: OpenPage, language: str) -> None:
    app = page(lang=language)
    assert app.button(key="language").label == {"zh_CN": "English", "en": "中文"}[language]
    assert len(app.get("plotly_chart")) >= 5
    assert len(app.get("bidi_component")) == 2


@pytest.mark.promise("words.both")
def test_a_page_says_the_same_numbers_in_either_language(page: OpenPage) -> None:
    address = {"target": "team_35", "unit": "001.001", "month": "2026-11"}
    chinese, english = (page(**address, lang=language) for language in ("zh_CN", "en"))
    for kind in ("page-title", "takeaway"):
        for one, other in zip(said(chinese, kind), said(english, kind), strict=True):
            assert sorted(NUMBER.findall(MONTH.sub("", one))) == sorted(NUMBER.findall(MONTH.sub("", other)))


TAKES_EFFECT = [
    ({}, "乡镇党政正职（其中：书记）：35岁以下缺 1 人，换届时缺 1 人"),
    ({"target": "team_35"}, "乡镇领导班子成员：35岁以下恰好达标，换届时恰好达标"),
    ({"target": "team_30", "month": "2027-02"}, "乡镇领导班子成员：30岁以下缺 2 人"),
    ({"target": "team_30", "month": "202702"}, "乡镇领导班子成员：30岁以下缺 2 人"),
    ({"unit": "001.001.003", "target": "team_35"}, "柳溪乡乡镇领导班子成员：35岁以下缺 1 人，换届时缺 1 人"),
    ({"body": "municipal_department"}, "市直单位中层干部：40岁以下恰好达标，换届时恰好达标"),
    (
        {"lang": "en", "target": "team_30"},
        "Township team members, 30 and under: 1 person short; 2 people short at the term change",
    ),
]


@pytest.mark.promise("state.address")
@pytest.mark.parametrize(("codes", "finding"), TAKES_EFFECT)
def test_a_code_in_the_address_changes_the_finding(page: OpenPage, codes: dict[str, str], finding: str) -> None:
    assert title(page(**codes)) == finding


@pytest.mark.parametrize(
    ("codes", "kind", "text"),
    [
        ({"level": "1A42"}, "takeaway", "在职 4 人，其中女 1 人；1 人出生年月缺失"),
        ({"sex": "female"}, "takeaway", "在职 3 人，其中女 3 人"),
        ({"from": "year"}, "card-title", "从 2025年10月到 2026年10月 35岁以下 · 人 · 各项相加等于变化"),
        ({}, "card-title", "从 2021年10月到 2026年10月 35岁以下 · 人 · 各项相加等于变化"),
        ({"month": "2027-01"}, "card-title", "从 2026年10月到 2027年1月 35岁以下 · 人 · 各项相加等于变化"),
    ],
)
def test_a_code_in_the_address_changes_the_figures(page: OpenPage, codes: dict[str, str], kind: str, text: str) -> None:
    assert text in said(page(target="team_35", **codes), kind)


@pytest.mark.promise("state.address")
@pytest.mark.parametrize(
    "codes",
    [
        {"month": "2026-13"},
        {"month": "soon"},
        {"month": "²⁰²⁶¹⁰"},
        {"target": "nobody"},
        {"unit": "999"},
        {"unit": "001' or '1' = '1"},
        {"level": "1Z99"},
        {"sex": "x"},
        {"body": "zoo"},
        {"from": "never"},
        {"lang": "fr"},
        dict.fromkeys(("month", "target", "unit", "level", "sex", "body", "from", "lang"), ""),
    ],
    ids=str,
)
def test_a_code_that_nobody_knows_is_passed_over(page: OpenPage, codes: dict[str, str]) -> None:
    assert said(page(**codes)) == said(page())


@pytest.mark.parametrize(("month", "end"), [("1900-01", "2016-10"), ("2999-12", "2027-04")])
def test_a_month_off_the_timeline_is_moved_to_its_end(page: OpenPage, month: str, end: str) -> None:
    assert said(page(month=month)) == said(page(month=end))


def test_where_no_target_is_asked_the_ladder_is_shown_without_one(page: OpenPage) -> None:
    app = page(month="2016-10", unit="001.002", lang="en")
    assert title(app) == "No target is asked of 市发展局 in Oct 2016"
    assert charts(app) == {"age_ladder-ladder", "age_ladder-levels"}


def test_a_choice_is_kept_in_the_address_and_taken_out_again(page: OpenPage) -> None:
    app = page(target="team_35", lang="en")
    well(app.selectbox(key="choose_sex").select("female").run())
    assert address(app) == {"target": "team_35", "lang": "en", "sex": "female"}
    well(app.selectbox(key="choose_sex").select("all").run())
    assert address(app) == {"target": "team_35", "lang": "en"}


@pytest.mark.promise("state.address")
def test_another_language_keeps_every_other_code_in_the_address(page: OpenPage) -> None:
    app = page(target="team_35", unit="001.001", month="2026-11", lang="en")
    well(app.button(key="language").click().run())
    assert address(app) == {"target": "team_35", "unit": "001.001", "month": "2026-11", "lang": "zh_CN"}
    assert title(app).startswith("甲县乡镇领导班子成员")


def address(app: AppTest) -> dict[str, str]:
    """The codes in the address, however Streamlit holds them."""
    return {name: code[-1] if isinstance(code, list) else code for name, code in app.query_params.items()}


# --- evidence and people --------------------------------------------------------------------------------------------


def test_every_figure_opens_its_evidence(page: OpenPage) -> None:
    always = len(exhibits.EXHIBITS) - sum(PARTS.values())
    for part, shown in PARTS.items():
        app = opened(page(lang="en", target="team_35", more=part))
        evidence = said(app, "evidence")
        assert always + shown == len(evidence) == len(app.code) == len(app.dataframe)
        assert all("Parameters: " in text and "build " in text for text in evidence)
        assert {code.value for code in app.code} == {queries.load(name).sql for name in questions(evidence)}


def questions(evidence: list[str]) -> set[str]:
    """The questions that the evidence names."""
    return {name for text in evidence for name in re.findall(r"Question: ([a-z_/]+)", text)}


def opened(app: AppTest) -> AppTest:
    """The same page with the evidence of every figure open."""
    for key in POPOVERS:
        app.session_state[key] = True
    return well(app.run())


def test_whoever_may_see_names_is_shown_them(page: OpenPage) -> None:
    app = page(target="team_35", month="2026-10", more="people")
    assert names_in(app) == {"李样丁", "周样戊", "郑样庚"}
    assert "钱样乙" in names_in(opened(page(target="team_35", month="2027-03", more="people")))


@pytest.mark.promise("names.hidden")
def test_whoever_may_not_see_names_is_shown_none(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    for month, part in product(("2026-10", "2027-03"), PARTS):
        app = opened(page(target="team_35", month=month, more=part))
        assert names_in(app) == set()
        assert said(app, "table-box") == []
        assert len(app.get("plotly_chart")) >= 5


def test_whoever_has_no_unit_is_told_that_there_is_nothing(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LOCAL", Viewer("stranger"))
    app = page()
    assert names_in(app) == set()
    assert len(app.get("plotly_chart")) == 0


# --- the overview ---------------------------------------------------------------------------------------------------


def test_the_overview_says_how_the_targets_stand_and_shows_a_tile_a_topic(page: OpenPage) -> None:
    app = page("overview", lang="en")
    assert title(app) == (
        "1 of 6 targets met, 3 at the edge, 2 short by 2; if nobody moves, 2 short by 3 at the term change"
    )
    assert charts(app) == {"overview-status", "overview-clocks", "overview-uptake"}
    assert "松林镇" in next(body for body in said(app, "table-box"))


def test_the_overview_says_in_a_line_how_ranks_and_the_grass_roots_stand(page: OpenPage) -> None:
    lines = said(page("overview", lang="en"), "page-foot")
    assert "nobody holds a counted rank without a leading post" in lines
    assert (
        "in five years 0 township principals rose to the teams of city departments · "
        "1 township above the most of One-vote vetoes (2)"
    ) in lines


def test_a_tile_opens_its_page_with_the_same_filters(page: OpenPage) -> None:
    app = page("overview", lang="en", unit="001.001", month="2026-11")
    links = [link.proto for link in app.main.get("page_link")]
    assert [link.page for link in links] == [
        "age_ladder",
        "age_ladder",
        "age_ladder",
        "assessment",
        "rotation",
        "welfare",
        "capability",
        "reserve",
        "grass_roots",
        "up_down",
        "rank_only",
        "tasks",
        "quality",
    ]
    assert {link.query_string for link in links} == {"lang=en&unit=001.001&month=2026-11"}


def test_a_row_of_the_overviews_ledger_chooses_what_stands_beside_it(page: OpenPage) -> None:
    app = page("overview", lang="en", target="team_35")
    assert any("35 and under" in text for text in said(app, "card-title"))


def test_the_overview_names_nobody(page: OpenPage) -> None:
    assert names_in(page("overview")) == set()


# --- the one cache --------------------------------------------------------------------------------------------------


def asking(store: Store, viewer: Viewer) -> answers.Here:
    """A store's newest build as someone sees it."""
    build = warehouse.newest(store)
    assert build is not None
    seen = warehouse.open_for(build, viewer)
    return answers.Here(build, viewer, words.of("en"), look.LIGHT, seen.build_id, seen.data_month)


@pytest.mark.promise("scope.kept")
def test_an_answer_is_kept_for_the_viewer_who_asked(cadre_store: Store) -> None:
    viewers = [LOCAL, GUEST, Viewer("department", ("001.002",), names=True), Viewer("stranger")]
    for _ in range(2):
        tables = [asking(cadre_store, viewer).ask("age_ladder/crossing", **CROSSING).table for viewer in viewers]
        named = [table["name"].dropna().tolist() for table in tables]
        assert named == [["孙样丙", "褚样子", "钱样乙", "钱样乙"], [], ["褚样子"], []]
        assert [len(table) for table in tables] == [4, 4, 1, 0]


@pytest.mark.promise("scope.kept")
def test_an_answer_is_kept_for_the_build_it_came_from(cadre_store: Store, small_city: Store) -> None:
    twelve, city = (asking(store, LOCAL) for store in (cadre_store, small_city))
    answers = [here.ask("roster/units") for here in (twelve, city, twelve)]
    assert [answer.build_id for answer in answers] == [twelve.build_id, city.build_id, twelve.build_id]
    assert answers[0].table.equals(answers[2].table)
    assert not answers[0].table.equals(answers[1].table)


@pytest.mark.promise("scope.kept")
def test_an_answer_is_kept_for_its_parameters(cadre_store: Store) -> None:
    here = asking(cadre_store, LOCAL)
    chosen: list[dict[str, Any]] = [
        {"as_of": CADRE_MONTH},
        {"as_of": 202711},
        {"as_of": CADRE_MONTH, "unit": "001.002"},
    ]
    spares = [here.ask("age_ladder/quota", **given).table["spare"].tolist() for given in chosen]
    assert spares == [[0, -1, 0, -1, 0, 0], [-1, 0, -1, -2, 0, -1], [0]]


@pytest.mark.promise("answers.once")
def test_an_answer_asked_again_is_not_worked_out_again(cadre_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    here = asking(cadre_store, LOCAL)
    first = here.ask("age_ladder/over_time", since=202501, until=202512, target="team_35")
    monkeypatch.delattr(warehouse, "open_for")
    again = here.ask("age_ladder/over_time", since=202501, until=202512, target="team_35")
    assert again.table.equals(first.table)


def test_what_a_page_does_to_an_answer_leaves_the_kept_one_alone(cadre_store: Store) -> None:
    here = asking(cadre_store, LOCAL)
    table = here.ask("age_ladder/quota", as_of=CADRE_MONTH).table
    table["have"] = 999
    assert here.ask("age_ladder/quota", as_of=CADRE_MONTH).table["have"].max() == 3


def test_a_long_list_shows_its_first_rows_and_says_how_many_there_are(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show, "LIST_LONGEST", 2)
    monkeypatch.setattr(show, "_cards", Kept(show.CARDS_KEPT))
    app = page(target="team_35", more="people")
    doubtful = next(body for body in said(app, "table-box") if "李样丁" in body)
    assert "周样戊" in doubtful
    assert "郑样庚" not in doubtful
    assert any("仅列前 2 行，共 3 行，全部见“依据”" in note for note in said(app))
