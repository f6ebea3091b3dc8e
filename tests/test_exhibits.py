"""Every figure on the twelve people: it draws, its numbers are those worked by hand, and its parts add up."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

import queries
from data import month
from pages.exhibits import Exhibit, Tables
from pages.exhibits import age_ladder as exhibits
from pages.exhibits.age_ladder import AgeScene
from pages.parts import look, numerals, words
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH

CHINESE, ENGLISH = words.of("zh_CN"), words.of("en")
SEEN = ((CHINESE, look.LIGHT), (ENGLISH, look.DARK))
TARGETS = ("principals_35", "secretaries_35", "team_35", "team_30", "party_women", "divisions_40")
SHARES = ("principals_35", "team_35", "divisions_40")
UNITS = (None, "001.001", "001.001.002")
MONTHS = (201803, 202110, 202601, CADRE_MONTH, 202702, 202711)
VIEWS = tuple(zip(MONTHS, UNITS * 2, strict=True))
STEPS_TO_THE_END = ("appointed", "moved_in", "aged", "moved_out", "left", "needed", "capped")
Words = words.Words


class Stage:
    """The scenes of one warehouse, and what their figures are made of."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Ask every question of `warehouse` once only."""
        self.warehouse = warehouse
        self.changes = warehouse.ask("roster/term_changes").table
        self._ask = cache(lambda name, given: warehouse.ask(name, **dict(given)).table)

    def ask(self, name: str, **given: Any) -> pd.DataFrame:
        """The table that answers a question."""
        table: pd.DataFrame = self._ask(name, tuple(sorted(given.items())))
        return table

    def scene(self, target: str, said: Words = ENGLISH, seen: look.Look = look.LIGHT, **chosen: Any) -> AgeScene | None:
        """What the page would show of a target, as of October 2026 unless chosen; None where nothing is asked."""
        as_of, unit = chosen.get("as_of", CADRE_MONTH), chosen.get("unit")
        quota = self.ask("age_ladder/quota", as_of=as_of, unit=unit)
        asked = quota[quota["target_id"] == target].to_dict("records")
        if not asked:
            return None
        own = tuple(int(at) for at in self.changes.loc[self.changes["tier"] == asked[0]["tier"], "month"])
        given = {
            "as_of": as_of,
            "since": max([at for at in own if at < as_of], default=month.add(as_of, -120)),
            "until": min([at for at in own if at > as_of], default=month.add(as_of, 60)),
            "data_month": CADRE_MONTH,
            "target_id": target,
            "body": None,
            "target": {str(name): value for name, value in asked[0].items()},
            "unit": unit,
            "unit_name": self.name(unit),
            "level": None,
            "sex": None,
            "term_changes": own,
            "words": said,
            "look": seen,
        }
        return AgeScene(**(given | chosen))

    def name(self, unit: str | None) -> str:
        """What a unit is called, the top one where None is named."""
        units = self.ask("roster/units", unit=unit)
        return str(units.loc[units["place"] == "self", "name"].iloc[0])

    def tables(self, exhibit: Exhibit[AgeScene], scene: AgeScene) -> Tables:
        """The tables that a figure is made of."""
        return {role: self.ask(name, **given) for role, (name, given) in exhibit.asks(scene).items()}

    def takeaway(self, exhibit: Exhibit[AgeScene], scene: AgeScene) -> str:
        """The sentence under a figure."""
        return exhibit.takeaway(scene, self.tables(exhibit, scene))

    def drawn(self, exhibit: Exhibit[AgeScene], scene: AgeScene) -> go.Figure | None:
        """The figure; None where it has no form or nothing to show, as on the page."""
        found = self.tables(exhibit, scene)
        empty = next(iter(found.values())).empty
        return None if exhibit.draw is None or empty else exhibit.draw(scene, found)

    def scenes(self, **chosen: Any) -> Iterator[AgeScene]:
        """Every target in a number of months and units, where anything is asked."""
        for target, (as_of, unit) in product(TARGETS, VIEWS):
            scene = self.scene(target, **{"as_of": as_of, "unit": unit} | chosen)
            if scene is not None:
                yield scene


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    """The twelve people, ready to be shown."""
    return Stage(twelve)


def at(stage: Stage, target: str, said: Words = ENGLISH, **chosen: Any) -> AgeScene:
    """A scene that there is."""
    scene = stage.scene(target, said, **chosen)
    assert scene is not None
    return scene


def notes(figure: go.Figure | None) -> list[str]:
    """Every text that stands on a figure by itself, line by line, without its marks of weight and colour."""
    texts = [note.text for note in figure.layout.annotations] if figure else []
    return [re.sub(r"<(?!br)[^>]*>", "", line) for text in texts for line in text.split("<br>")]


# --- the list of exhibits -------------------------------------------------------------------------------------------


def test_every_exhibit_is_listed_once_under_a_name_of_its_own() -> None:
    made = [value for value in vars(exhibits).values() if isinstance(value, Exhibit)]
    assert sorted(made, key=id) == sorted(exhibits.EXHIBITS, key=id)
    assert len({exhibit.name for exhibit in made}) == len(made)


def test_every_exhibit_asks_only_what_can_be_asked(stage: Stage) -> None:
    scene = at(stage, "team_35")
    for exhibit in exhibits.EXHIBITS:
        for name, given in exhibit.asks(scene).values():
            assert name in queries.names("age_ladder")
            queries.load(name).bind(dict(given))


def test_every_question_of_the_age_ladder_is_shown(stage: Stage) -> None:
    scene = at(stage, "team_35")
    asked = {name for exhibit in exhibits.EXHIBITS for name, _ in exhibit.asks(scene).values()}
    assert set(queries.names("age_ladder")) == asked


def test_an_exhibit_that_bears_the_name_of_a_question_shows_its_answer(stage: Stage) -> None:
    scene = at(stage, "team_35")
    for exhibit in exhibits.EXHIBITS:
        if exhibit.name in queries.names():
            assert next(iter(exhibit.asks(scene).values()))[0] == exhibit.name


# --- whatever is chosen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "seen"), SEEN, ids=[f"{said.language}-{seen.name}" for said, seen in SEEN])
@pytest.mark.parametrize("exhibit", exhibits.EXHIBITS, ids=lambda exhibit: exhibit.name)
def test_a_figure_draws_and_speaks_in_whole_sentences(
    stage: Stage, exhibit: Exhibit[AgeScene], said: Words, seen: look.Look
) -> None:
    for scene in stage.scenes(said=said, seen=seen):
        texts = [exhibit.title(scene), exhibit.caption(scene), stage.takeaway(exhibit, scene)]
        texts += notes(stage.drawn(exhibit, scene))
        assert [text for text in texts if figures.NEVER_SAID.search(text)] == []
        assert all(texts[:3])


@pytest.mark.parametrize("filtered", [{"level": "1A42"}, {"sex": "female"}, {"level": "1A31", "sex": "male"}])
@pytest.mark.parametrize("exhibit", exhibits.EXHIBITS, ids=lambda exhibit: exhibit.name)
def test_a_figure_draws_however_it_is_filtered(
    stage: Stage, exhibit: Exhibit[AgeScene], filtered: dict[str, Any]
) -> None:
    for target in TARGETS:
        scene = at(stage, target, **filtered)
        stage.drawn(exhibit, scene)
        assert not figures.NEVER_SAID.search(stage.takeaway(exhibit, scene))


def test_the_steps_of_a_bridge_add_up_to_its_last(stage: Stage) -> None:
    for scene in stage.scenes():
        table = stage.tables(exhibits.CHANGE, scene)["change"]
        steps = dict(zip(table["step"], table["people"], strict=True))
        assert steps["spare_before"] + sum(steps[step] for step in STEPS_TO_THE_END) == steps["spare_after"]
        assert steps["spare_after"] == scene.target["spare"]


def test_the_bars_of_a_bridge_climb_from_the_count_before_to_the_count_now(stage: Stage) -> None:
    for scene in stage.scenes():
        figure = stage.drawn(exhibits.CHANGE, scene)
        assert figure is not None
        before, *parts, after = (signed_number(text) for text in figure.data[0].text)
        assert before + sum(parts) == after == scene.target["have"]


def signed_number(text: str) -> int:
    """A whole number as it is written on a screen."""
    return int(text.replace(numerals.MINUS, "-").replace(",", ""))


@pytest.mark.parametrize("target", [*SHARES, "secretaries_35"])
def test_the_bars_under_the_line_hold_whoever_counts_for_a_share(stage: Stage, target: str) -> None:
    for as_of, unit in product(MONTHS, UNITS):
        scene = stage.scene(target, as_of=as_of, unit=unit)
        if scene is not None:
            assert under_the_line(stage, scene) == scene.target["have"]


def test_the_bars_under_a_line_within_a_step_hold_whoever_counts(stage: Stage) -> None:
    scene = at(stage, "team_35")
    assert under_the_line(stage, replace(scene, target={**scene.target, "upper_age": 37})) == 5


def test_the_bars_under_every_line_of_the_shipped_targets_hold_whoever_counts(city: Warehouse) -> None:
    stage = Stage(city)
    quota = stage.ask("age_ladder/quota", as_of=CADRE_MONTH)
    shares = quota.loc[(quota["kind"] != "per_unit") & quota["upper_age"].notna(), ["target_id", "have"]]
    assert {name: under_the_line(stage, at(stage, name)) for name in shares["target_id"]} == dict(shares.to_numpy())


def under_the_line(stage: Stage, scene: AgeScene) -> int:
    """The people on the steps of the ladder that lie wholly under the target's age line."""
    ladder = stage.tables(exhibits.LADDER, scene)["ladder"]
    return int(ladder.loc[ladder["upper_age"] <= scene.upper_age, "people"].sum())


def test_the_other_way_of_counting_holds_the_count_between_nobody_and_everybody(stage: Stage) -> None:
    for scene in stage.scenes(said=ENGLISH):
        said = re.search(r"counted otherwise, (\d+) could be (\d+) to (\d+)", stage.takeaway(exhibits.BOUNDARY, scene))
        people = stage.tables(exhibits.LADDER, scene)["ladder"]["people"].sum()
        if said:
            have, low, high = map(int, said.groups())
            assert 0 <= low <= have == scene.target["have"] <= high <= people
        assert not said or scene.target["kind"] != "per_unit"


def test_units_together_hold_what_the_whole_holds(stage: Stage) -> None:
    for scene in stage.scenes(unit=None):
        units = stage.tables(exhibits.BY_UNIT, scene)["by_unit"]
        assert (units["have"].sum(), units["base"].sum()) == (scene.target["have"], scene.target["base"])


# --- worked by hand -------------------------------------------------------------------------------------------------

HEADLINES = [
    (
        {"target": "team_35"},
        "Township team members, 35 and under: exactly met; exactly met at the term change",
        "乡镇领导班子成员：35岁以下恰好达标，换届时恰好达标",
    ),
    (
        {"target": "team_35", "unit": "001.001.003"},
        "柳溪乡: Township team members, 35 and under: 1 person short; 1 person short at the term change",
        "柳溪乡乡镇领导班子成员：35岁以下缺 1 人，换届时缺 1 人",
    ),
    (
        {"target": "team_30"},
        "Township team members, 30 and under: 1 person short; 2 people short at the term change",
        "乡镇领导班子成员：30岁以下缺 1 人，换届时缺 2 人",
    ),
    (
        {"target": "team_30", "as_of": 202702},
        "Township team members, 30 and under: 2 people short",
        "乡镇领导班子成员：30岁以下缺 2 人",
    ),
    (
        {"target": "team_35", "as_of": 202711},
        "Township team members, 35 and under: 1 person short",
        "乡镇领导班子成员：35岁以下缺 1 人",
    ),
    (
        {"target": "team_35", "as_of": 202110},
        "Township team members, 35 and under: 1 person to spare",
        "乡镇领导班子成员：35岁以下多 1 人",
    ),
    (
        {"target": "party_women"},
        "County party committee, women: exactly met; exactly met at the term change",
        "县级党委班子：女干部恰好达标，换届时恰好达标",
    ),
]


@pytest.mark.parametrize(("chosen", "english", "chinese"), HEADLINES)
def test_the_headline_says_the_finding_in_whole_people(
    stage: Stage, chosen: dict[str, Any], english: str, chinese: str
) -> None:
    assert exhibits.headline(at(stage, **chosen, said=ENGLISH)) == english
    assert exhibits.headline(at(stage, **chosen, said=CHINESE)) == chinese


def test_a_part_of_another_target_is_named_with_its_whole(stage: Stage) -> None:
    english, chinese = (exhibits.headline(at(stage, "secretaries_35", said)) for said in (ENGLISH, CHINESE))
    assert english == (
        "Township principals (of whom secretaries), 35 and under: 1 person short; 1 person short at the term change"
    )
    assert chinese == "乡镇党政正职（其中：书记）：35岁以下缺 1 人，换届时缺 1 人"


def test_the_tally_counts_targets_by_status_now_and_at_the_term_change(stage: Stage) -> None:
    quota = stage.ask("age_ladder/quota", as_of=CADRE_MONTH)
    english, chinese = (exhibits.tally(at(stage, "team_35", said), quota) for said in (ENGLISH, CHINESE))
    assert english == "6 targets: 1 met, 3 at the edge, 2 short; at the term change, if nobody moves, 2 short"
    assert chinese == "6 项配备指标中 1 项达标、3 项临界、2 项缺口；如人员不作调整，换届时将有 2 项缺口"


def test_the_definition_says_age_month_and_denominator(stage: Stage) -> None:
    said = exhibits.definition(at(stage, "team_35", as_of=202702))
    assert said.startswith(
        "35 and under = younger than 36, by year and month, at Feb 2027 · denominator: people in post"
    )
    assert said.endswith("after Oct 2026 nobody moves")


def test_the_source_names_the_clause_and_who_stands_behind_it(stage: Stage) -> None:
    said = exhibits.LEDGER.takeaway(at(stage, "team_35", CHINESE), {})
    assert said == "依据：示例指标，第二条（待组织部门确认）"


TAKEAWAYS = [
    (exhibits.LADDER, {}, "8 people in post, 3 of them women; the birth of 1 is not known"),
    (exhibits.LADDER, {"sex": "female"}, "3 people in post, 3 of them women"),
    (
        exhibits.OVER_TIME,
        {},
        (
            "0.0% in Oct 2016, 37.5% in Oct 2026; if nobody moves, 37.5% in Feb 2027. Pale: where it may lie as not "
            "all births and political statuses are known, 37.5–62.5% in Oct 2026."
        ),
    ),
    (
        exhibits.CHANGE,
        {},
        (
            "2 came, 1 went and 1 passed the age line; the need itself changed by +1 with the denominator; "
            "the difference went from +1 to 0."
        ),
    ),
    (
        exhibits.CHANGE,
        {"since": CADRE_MONTH, "as_of": 202711},
        "0 came, 0 went and 1 passed the age line; the difference went from 0 to −1.",
    ),
    (exhibits.BY_UNIT, {}, "No unit is short."),
    (
        exhibits.BY_UNIT,
        {"unit": "001.001"},
        "Units short: 1 of 2; furthest from the target: 柳溪乡 (−1). Each unit is rounded up by itself.",
    ),
    (
        exhibits.HEAT,
        {"unit": "001.001"},
        (
            "Cells short: 4 of 7; at the edge: 2. 3 cells say between which numbers they lie, as not all births and "
            "political statuses are known."
        ),
    ),
    (exhibits.CROSSING, {}, "Nobody in these posts passes the line by Feb 2027."),
    (exhibits.CROSSING, {"until": 202801}, "1 person passes the line by Jan 2028."),
    (exhibits.CROSSING, {"until": 202801, "sex": "male"}, "Nobody in these posts passes the line by Jan 2028."),
    (exhibits.CROSSING, {"target": "team_30"}, "1 person passes the line by Feb 2027."),
    (
        exhibits.ROLL_OFF,
        {"target": "party_women", "until": 203112},
        "By Dec 2031: statutory month 1, post age line 1, no full term left 1.",
    ),
    (
        exhibits.BOUNDARY,
        {},
        (
            "Day of birth 1, month missing 1, birth missing 1, reading of the name 0; "
            "counted otherwise, 3 could be 3 to 6."
        ),
    ),
    (
        exhibits.BOUNDARY,
        {"target": "divisions_40"},
        (
            "Day of birth 0, month missing 0, birth missing 0, reading of the name 1; "
            "counted otherwise, 1 could be 0 to 1."
        ),
    ),
    (
        exhibits.BOUNDARY,
        {"target": "team_30"},
        "Day of birth 0, month missing 0, birth missing 1, reading of the name 1.",
    ),
    (exhibits.BOUNDARY, {"target": "party_women"}, "Nobody's band hangs on a day, a missing month or a reading."),
]


@pytest.mark.parametrize(("exhibit", "chosen", "english"), TAKEAWAYS)
def test_a_takeaway_says_the_numbers_worked_by_hand(
    stage: Stage, exhibit: Exhibit[AgeScene], chosen: dict[str, Any], english: str
) -> None:
    scene = at(stage, **{"target": "team_35"} | chosen)
    assert stage.takeaway(exhibit, scene) == english


@pytest.mark.parametrize(("exhibit", "chosen", "english"), TAKEAWAYS)
def test_a_takeaway_says_the_same_numbers_in_chinese(
    stage: Stage, exhibit: Exhibit[AgeScene], chosen: dict[str, Any], english: str
) -> None:
    said = stage.takeaway(exhibit, at(stage, **{"target": "team_35"} | chosen, said=CHINESE))
    assert sorted(numbers(said)) == sorted(numbers(english))


def numbers(text: str) -> list[str]:
    """Every number in a text, as it is written, months apart."""
    text = re.sub(r"\d{4}年\d{1,2}月|[A-Z][a-z]{2} \d{4}", "", text)
    return re.findall(r"[+−]?\d[\d.,-]*\d%?|[+−]?\d%?", text)


BRACKETS = [
    ("team_35", "35 and under: 3 people", "3 needed, exactly met", "37.5%, target 30%"),
    ("principals_35", "1 needed, exactly met", "25.0%, target 20%"),
    ("team_30", "1 person short", "1 of 2 filled"),
]


@pytest.mark.parametrize(("target", "lines"), [(target, lines) for target, *lines in BRACKETS])
def test_the_bracket_says_how_many_stand_under_the_line(stage: Stage, target: str, lines: list[str]) -> None:
    assert beside(stage, at(stage, target)).endswith("".join(lines).replace(" ", ""))


def beside(stage: Stage, scene: AgeScene) -> str:
    """All that is written on the ladder, without the breaks that fit it in; the bracket's lines come last."""
    return "".join(notes(stage.drawn(exhibits.LADDER, scene))).replace(" ", "")


def test_no_bracket_promises_a_target_to_part_of_its_people(stage: Stage) -> None:
    assert "needed" not in beside(stage, at(stage, "team_35", sex="female"))
    assert "needed" not in beside(stage, at(stage, "team_35", level="1A41"))


def test_the_bars_of_the_ladder_are_the_people(stage: Stage) -> None:
    figure = stage.drawn(exhibits.LADDER, at(stage, "team_35"))
    assert figure is not None
    men, women = (sum(abs(int(count)) for count in trace.x) for trace in figure.data if trace.type == "bar")
    assert (men, women) == (4, 3)


def test_a_click_on_a_unit_gives_its_code(stage: Stage) -> None:
    figure = stage.drawn(exhibits.BY_UNIT, at(stage, "team_35", unit="001.001"))
    assert figure is not None
    assert sorted(code for (code,) in figure.data[0].customdata) == ["001.001.002", "001.001.003"]


def test_a_click_in_the_matrix_gives_the_codes_of_unit_and_target(stage: Stage) -> None:
    figure = stage.drawn(exhibits.HEAT, at(stage, "team_35", unit="001.001"))
    assert figure is not None
    codes = {tuple(pair) for trace in figure.data if trace.customdata is not None for pair in trace.customdata}
    worked = {
        *product(["001.001.002", "001.001.003"], ["principals_35", "team_35", "team_30"]),
        ("001.001.002", "secretaries_35"),
    }
    assert codes == worked
