"""The assessment's figures on the twelve people and on the example city: they draw, and say what was worked by hand."""

from dataclasses import replace
from itertools import product

import pandas as pd
import pytest

from models import ranks
from pages.exhibits import Exhibit
from pages.exhibits import assessment as exhibits
from pages.exhibits.assessment import AssessmentScene
from pages.parts import look, rows, words
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH

CHINESE, ENGLISH = words.of("zh_CN"), words.of("en")
SEEN = ((CHINESE, look.LIGHT), (ENGLISH, look.DARK))


def scene(said: words.Words = ENGLISH, seen: look.Look = look.LIGHT, **chosen: object) -> AssessmentScene:
    """What the page would show of the twelve people's first group in 2025."""
    given = {"year": 2025, "group": "一组", "unit": "001.002", "unit_name": "市发展局"} | chosen
    return AssessmentScene(as_of=CADRE_MONTH, data_month=CADRE_MONTH, words=said, look=seen, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("exhibit", exhibits.EXHIBITS, ids=lambda exhibit: exhibit.name)
@pytest.mark.parametrize(("said", "seen"), SEEN, ids=("zh", "en"))
def test_every_figure_draws_and_says_nothing_that_only_a_program_says(
    exhibit: Exhibit[AssessmentScene], said: words.Words, seen: look.Look, twelve: Warehouse, city: Warehouse
) -> None:
    groups = city.ask("assessment/groups").table
    some = [(year, group) for year, group in groups[["year", "peer_group"]].to_numpy() if year in (2016, 2019, 2025)]
    views = [(twelve, scene(said, seen)), (twelve, scene(said, seen, group="二组", year=2023))]
    views += [(city, scene(said, seen, year=int(year), group=group, unit="001.101")) for year, group in some]
    for house, view in views:
        found = figures.tables(house, exhibit, view)
        texts = figures.said(exhibit, view, found)
        assert all(texts)
        assert [text for text in texts if figures.NEVER_SAID.search(text)] == []


def test_the_finding_of_a_group_without_three_years_is_that_nothing_can_be_told(twelve: Warehouse) -> None:
    found = figures.tables(twelve, exhibits.BUMP, scene())
    assert exhibits.headline(scene(), found) == "一组, 2025: too noisy to tell who moved"
    assert (
        exhibits.tally(scene(), found)
        == "4 units, 2 of them moved far by the rule; the noise of the scores is not known"
    )


def test_the_page_says_by_what_the_noise_is_judged_and_takes_the_indicators_where_years_are_too_few(
    city: Warehouse,
) -> None:
    for year, by in ((2017, "by the indicators of the year alone"), (2025, "")):
        view = scene(year=year, group="党群和人大政协机关")
        found = figures.tables(city, exhibits.BUMP, view)
        assert exhibits.tally(view, found).endswith(by or "%")
        assert any(
            ("jackknife" in line) == bool(by) and "noise: " in line for line in exhibits.behind_moves(view, found)
        )
        assert exhibits.INTERVALS.takeaway(view, found).startswith("Nine times in ten")


def test_places_under_near_weights_stand_beside_those_of_the_schemes(twelve: Warehouse, city: Warehouse) -> None:
    whole = figures.tables(city, exhibits.WEIGHTS, scene(group="党群和人大政协机关"))["rank_range"]
    inside = (whole["near_best"] <= whole["now_place"]) & (whole["now_place"] <= whole["near_worst"])
    assert inside.mean() > 0.8
    partly = figures.tables(twelve, exhibits.WEIGHTS, scene())["rank_range"]
    assert partly[["near_best", "near_worst"]].isna().all(axis=None), "one team of the group has no sources"


def test_a_year_that_is_the_first_has_nothing_to_compare_with(city: Warehouse) -> None:
    view = scene(year=2016, group="党群和人大政协机关")
    found = figures.tables(city, exhibits.BUMP, view)
    assert exhibits.headline(view, found).endswith("no year before to compare with")


def test_a_renamed_unit_goes_on_in_its_line_and_places_are_those_of_the_question(twelve: Warehouse) -> None:
    found = figures.tables(twelve, exhibits.BUMP, scene())
    judged = found["judged"].set_index("name")
    assert list(judged.loc["市发展局", ["place", "before_place", "places"]]) == [1, 4, 3]
    asked = twelve.ask("assessment/place_shift", year=2025, group="一组").table.set_index("unit_name")
    assert judged["place"].to_dict() == asked["now_place"].to_dict()
    assert exhibits.BUMP.draw is not None
    lines = exhibits.BUMP.draw(scene(), found).data  # type: ignore[union-attr]
    assert max(len(line.x) for line in lines) == 3
    assert {line.customdata[-1][0] for line in lines} == {"001.001", "001.001.002", "001.001.003", "001.002"}


def test_the_model_and_the_question_agree_on_places_and_moves_in_every_group_and_year(city: Warehouse) -> None:
    groups = city.ask("assessment/groups").table
    for year, group in groups[["year", "peer_group"]].to_numpy():
        view = scene(year=int(year), group=group)
        judged = figures.tables(city, exhibits.BUMP, view)["judged"].set_index("code")
        asked = city.ask("assessment/place_shift", year=int(year), group=group).table.set_index("unit_id")
        assert judged["place"].to_dict() == dict(asked["now_place"].dropna())
        compared = judged["verdict"] != ranks.NOT_COMPARED
        assert set(judged.index[compared]) == set(asked.index[asked["reason"].isna()])


def test_caps_say_whole_people(twelve: Warehouse) -> None:
    found = figures.tables(twelve, exhibits.CAPS, scene())
    assert (
        exhibits.CAPS.takeaway(scene(), found) == "3 above the caps, 2 of them also above what an approval would allow."
    )
    assert exhibits.CAPS.draw is not None
    drawn = exhibits.CAPS.draw(scene(), found)
    assert drawn is not None
    assert [note.text.replace("<br>", " ") for note in drawn.layout.annotations if "of" in note.text][
        -1
    ] == "1 of 1, at most 0; 1 above, in 1 of 1 units"


def test_caps_that_no_approval_widens_are_said_without_one(twelve: Warehouse) -> None:
    (caps,) = figures.tables(twelve, exhibits.CAPS, scene()).values()
    unknown = {"caps": caps.assign(over_approved=None)}
    assert exhibits.CAPS.takeaway(scene(), unknown) == "3 above the caps."
    partly = {"caps": caps.assign(over_approved=caps["over_approved"].where(caps["about"] == "people"))}
    assert exhibits.CAPS.takeaway(scene(), partly).startswith("3 above the caps, 1 of them")


def test_teams_whose_sources_do_not_tell_them_apart_are_not_called_incomplete(twelve: Warehouse) -> None:
    (teams,) = figures.tables(twelve, exhibits.TEAMS, scene()).values()
    alike = {"teams": teams.assign(panel=None, gap=None)}
    assert exhibits.TEAMS.takeaway(scene(), alike).startswith("The four sources cannot be compared on one scale")
    assert exhibits.TEAMS.takeaway(scene(), {"teams": teams.head(0)}) == "No team has all four sources."


def test_streaks_say_of_whom_they_tell(twelve: Warehouse) -> None:
    for unit, name in (("001.002", "市发展局"), (None, "")):
        view = scene(unit=unit, unit_name=name)
        assert exhibits.STREAKS.caption(view).startswith(name or "Whole city")
        told = set(figures.tables(twelve, exhibits.STREAKS, view)["streak"]["unit_name"])
        assert told == {name} if name else len(told) > 1


@pytest.mark.parametrize(("language", "unit"), list(product((CHINESE, ENGLISH), ("001.001", None))))
def test_a_chosen_unit_stands_out_and_without_one_only_moves_beyond_noise_do(
    language: words.Words, unit: str | None, twelve: Warehouse
) -> None:
    view = scene(language, unit=unit)
    assert exhibits.BUMP.draw is not None
    drawn = exhibits.BUMP.draw(view, figures.tables(twelve, exhibits.BUMP, view))
    assert drawn is not None
    strong = {line.customdata[-1][0] for line in drawn.data if line.line.color == view.look.blue}
    assert strong == ({unit} if unit else set())


@pytest.mark.parametrize("unit", ["001.101", None])
def test_of_a_large_group_the_first_the_furthest_moved_and_the_chosen_are_drawn(
    unit: str | None, city: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = scene(group="党群和人大政协机关", unit=unit)
    found = figures.tables(city, exhibits.BUMP, view)
    judged = found["judged"].set_index("code")
    moved = judged.assign(verdict=[ranks.HIGHER] * 3 + [ranks.NO_CLEAR_CHANGE] * (len(judged) - 3))
    last = judged.index[-1]
    moved.loc[[last, judged.index[-2]], "verdict"] = ranks.LOWER
    moved.loc[last, "difference"] = -99.0
    given = {**found, "judged": moved.reset_index()}
    for name, most in (("MOST_LINES", len(judged) - 1), ("MOST_ROWS", 2), ("MOST_MOVED", 1)):
        monkeypatch.setattr(exhibits, name, most)
    expected = {*judged.index[:2], last, *([unit] if unit else [])}
    for exhibit in (exhibits.BUMP, exhibits.SLOPE):
        assert exhibit.draw is not None
        drawn = exhibit.draw(view, given)
        assert drawn is not None
        assert {line.customdata[-1][0] for line in drawn.data} == expected
    rows = [row for line in exhibits.BUMP.draw(view, given).data for row in line.y]  # type: ignore[union-attr,misc]
    assert {*rows} == {*range(1, len(expected) + 1)}
    told, slope = (exhibit.takeaway(view, given) for exhibit in (exhibits.BUMP, exhibits.SLOPE))
    drawn_of = f" Drawn are {len(expected)} of {len(judged)} units: the first places, the clearest moves and the one"
    assert f"{drawn_of} chosen. Their heights are " in told
    assert slope.endswith(f"{drawn_of} chosen.")
    assert f"the clearest move is that of {judged.loc[last, 'name']}, " in told


def test_weights_are_said_as_percentages(twelve: Warehouse) -> None:
    weight: pd.DataFrame = twelve.ask("assessment/weight", year=2025).table
    assert exhibits.weights(scene(), weight).startswith(
        "total: Democratic appraisal 20%, Leaders' evaluation 20%, Assessment panel 10%, Results 50%"
    )


@pytest.mark.parametrize("exhibit", exhibits.EXHIBITS, ids=lambda exhibit: exhibit.name)
@pytest.mark.parametrize("said", [CHINESE, ENGLISH], ids=("zh", "en"))
def test_the_rows_behind_every_figure_can_be_read_and_say_nothing_that_only_a_program_says(
    exhibit: Exhibit[AssessmentScene], said: words.Words, city: Warehouse
) -> None:
    view = scene(said, group="党群和人大政协机关", unit="001.101")
    name, given = next(iter(exhibit.asks(view).values()))
    shown = next(iter(figures.tables(city, exhibit, view).values()))
    read = rows.readable(replace(city.ask(name, **given), table=shown), said)
    assert {rows.heading(column, said) for column in exhibit.listed} <= set(read.columns)
    assert not read.map(lambda cell: bool(figures.NEVER_SAID.search(cell))).to_numpy().any()
