"""The outlook: it says the numbers that a model gives in whole people and tenths, keeps scenarios, and names nobody."""

import dataclasses
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from data import scenarios
from data.access import EVERY_UNIT
from data.store import Store
from models.outlook import Outlook
from models.reach import Least, NotAttainable
from models.scenario import Scenario
from pages.exhibits import Exhibit, Tables, pool
from pages.exhibits import outlook as exhibits
from pages.exhibits import scenarios as kept
from pages.exhibits.outlook import OutlookScene, Wanted
from pages.parts import answers, chance, ledger, look, words
from pages.parts.charts import Figure
from queries.warehouse import Warehouse
from tests import figures
from tests.conftest import CADRE_MONTH, OpenPage, well
from tests.invented import RANGES
from tests.test_charts_outlook import fan_table
from tests.test_exhibits import TARGETS
from tests.test_pages import GUEST, MONTH, NUMBER, address, charts, names_in, said, title

CHINESE, ENGLISH = words.of("zh_CN"), words.of("en")
SEEN = ((CHINESE, look.LIGHT), (ENGLISH, look.DARK))
PAGE, TERM = "outlook", 202704
SUMMARY = pd.DataFrame(
    [("practice", 1022, 1069, 981, 960, 1003, 88, 0.12), ("plan", 1022, 1069, 1080, 1070, 1091, 0, 0.9)],
    columns=["mode", "have", "needed", "projected", "low80", "high80", "gap", "chance"],
)
BRIDGE = pd.DataFrame(
    {
        "step": ["have", "aged", "leave", "move", "promote", "step_down", "appointed", "projected"],
        "people": [1022, -90, -20, -10, -1, 0, 179, 1080],
    }
)
CURVE = pd.DataFrame(
    [
        (code, n, likely)
        for code, row in {
            "estimated": (0.0, 0.55, 0.81, 0.92, 0.999),
            "exits": (0.0, 0.3, 0.7, 0.88, 0.99),
            "slip": (0.0, 0.4, 0.75, 0.9, 0.99),
        }.items()
        for n, likely in enumerate(row)
    ],
    columns=["scenario", "n", "chance"],
)
LATE = pd.DataFrame(
    [(202610, 4, 13, 52), (202910, 1, 48, 48), (203010, 1, None, None)], columns=["start", "years", "a_year", "total"]
)
MOVED = pd.DataFrame(
    [("exits", 0.7, 1.3, 1010.2, 949.7, 981.1), ("slip", 0.1, 0.3, 981.0, 981.0, 981.1)],
    columns=["lever", "low_setting", "high_setting", "low", "high", "base"],
)
TESTED = pd.DataFrame(
    [
        ("practice", 300, 1, 200, 160, 2.0, 80.0, 1.0, 3.0, 1.2),
        ("practice", 300, 2, 180, 150, 5.0, 81.0, 1.5, 4.0, 1.4),
        ("practice", 12, 1, 50, 40, 6.0, 80.0, 5.5, 7.0, 1.0),
        ("plan", 300, 1, 200, 160, 1.0, 90.0, 1.0, 3.0, 1.1),
    ],
    columns=["mode", "size", "horizon", "forecasts", "origins", "mae", "cover_80", "floor", "no_change", "widened"],
)
BRIDGE_SAID = (
    "As few as reach 9 in 10: of today's 1,022, going 31, passing the age line 90; appointees who count then 179; "
    "the target is met in the middle of what may come."
)


class Told:
    """A model that always gives the same numbers, but for the exits, which take a person for each tenth more."""

    targets_: Mapping[str, str] = {name: name for name in TARGETS}

    def there(self, target: str, _: frozenset[int] | None = None) -> range:
        """Give as many people as hold the posts: few where a county's women are asked for."""
        return range(9 if target == "party_women" else 1400)

    def project(self, _: str, __: int, ___: Any, assumed: Scenario, **____: Any) -> Any:
        """Give the tables of a projection."""
        fewer = round((assumed.exits - 1) * 10)
        summary = SUMMARY.assign(projected=SUMMARY["projected"] - fewer, gap=SUMMARY["gap"] + fewer)
        numbers = {level: Least(n, 0.9, 0.5) for n, level in enumerate(exhibits.LEVELS, start=1)}
        return SimpleNamespace(
            summary=summary,
            fan=fan_table().query("mode != 'history'"),
            bridge=BRIDGE,
            there=range(1400),
            vacancies=60,
            curve=lambda: CURVE,
            holds_in_all=lambda: 4,
            lateness=lambda: LATE,
            sensitivity=lambda: MOVED,
            least=numbers.__getitem__,
        )


TOLD = Told()


def scene(house: Warehouse, said: words.Words = ENGLISH, seen: look.Look = look.LIGHT, **chosen: Any) -> OutlookScene:
    """What the page shows of the township teams under 36 at the next term change."""
    given: dict[str, Any] = {
        "as_of": CADRE_MONTH,
        "data_month": CADRE_MONTH,
        "unit": None,
        "unit_name": "示例市",
        "words": said,
        "look": seen,
        "date": TERM,
        "term_month": TERM,
        "target_id": "team_35",
        "target": _team(house),
        "wanted": Wanted(1069, 3000, 965),
        "assumed": Scenario(date=TERM),
        "learnt": TOLD,
        "units": None,
        "widened": 1.0,
        "bounds": RANGES,
    }
    return OutlookScene(**(given | chosen))


def _team(house: Warehouse) -> dict[str, Any]:
    quota = house.ask("age_ladder/quota", as_of=CADRE_MONTH).table
    rows = [row for row in quota.to_dict("records") if row["target_id"].endswith("team_35")]
    return {str(name): value for name, value in rows[0].items()}


# --- what it says ---


@pytest.mark.parametrize(
    ("chosen", "finding"),
    [
        ({}, "1,022 now, about 981 at the term change (1,069 needed); chance of meeting it: about 1 in 10"),
        ({"term_month": None}, "about 981 Apr 2027 (1,069 needed)"),
        ({"assumed": Scenario(plan=9)}, "about 1,080 at the term change (1,069 needed); chance of meeting it: about 9"),
        ({"unit": "001.001", "unit_name": "甲县"}, "甲县: Township team members, 35 and under: 1,022 now"),
    ],
)
def test_the_finding_is_in_whole_people_and_tenths(twelve: Warehouse, chosen: dict[str, Any], finding: str) -> None:
    shown = scene(twelve, **chosen)
    assert finding in exhibits.headline(shown, exhibits.summed(shown, {}))


def test_the_finding_reads_as_an_official_would_write_it(twelve: Warehouse) -> None:
    shown = scene(twelve, CHINESE)
    finding = "乡镇领导班子成员：35岁以下现有 1,022 人，换届时约 981 人（应配 1,069 人），约一成把握达标"
    assert exhibits.headline(shown, exhibits.summed(shown, {})) == finding
    assert exhibits.subtitle(shown) == "若按近年做法；人员不作调整为 965 人；计龄至 2027年4月；只推算人数，不预测个人"


@pytest.mark.parametrize(
    ("exhibit", "sentence"),
    [
        (
            exhibits.BRIDGE,
            BRIDGE_SAID,
        ),
        (
            exhibits.FAN,
            "As few as reach 9 in 10: 1,070–1,091, about 9 in 10; as recently: 960–1,003, about 1 in 10.",
        ),
        (exhibits.REACH, "1 appointed for 5 in 10, 2 for 8 in 10, 3 for 9 in 10; 4 hold in all three scenarios."),
        (exhibits.LATENESS, "Starting in Oct 2026: 13 a year, 52 in all; starting in Oct 2029: 48 a year, 48 in all."),
        (exhibits.SENSITIVITY, "Exits moves it most: 1,010 at −30%, 950 at +30%."),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_a_takeaway_says_what_was_worked_out(twelve: Warehouse, exhibit: Exhibit[OutlookScene], sentence: str) -> None:
    shown = scene(twelve)
    assert exhibit.takeaway(shown, figures.tables(twelve, exhibit, shown)) == sentence


def test_where_nine_in_ten_is_out_of_reach_the_nearest_is_said(twelve: Warehouse) -> None:
    shown = scene(twelve)
    halved = CURVE.assign(chance=CURVE["chance"] / 2)
    found = {"curve": halved, "marks": pd.DataFrame({"n": [1, None, None]}), "holds": pd.DataFrame({"n": []})}
    said_of_it = exhibits.REACH.takeaway(shown, found)
    assert said_of_it == "9 in 10 is not attainable by Apr 2027; nearest: 4 appointed, about 5 in 10."
    far = exhibits.REACH.takeaway(scene(twelve, date=203112), found)
    assert far == "9 in 10 is not attainable by Dec 2031; nearest: 4 a year, about 5 in 10."
    never = {"lateness": LATE.tail(1)}
    assert exhibits.LATENESS.takeaway(shown, never) == "9 in 10 is not attainable by Apr 2027, whenever one starts."


def test_where_years_are_left_appointments_are_told_by_the_year(twelve: Warehouse) -> None:
    shown = scene(twelve, date=203112)
    found = exhibits.told(shown, {"over_time": pd.DataFrame({"month": [], "have": []})})
    assert exhibits.REACH.takeaway(shown, found) == (
        "1 a year for 5 in 10, 2 for 8 in 10, 3 for 9 in 10; 4 a year holds in all three scenarios."
    )


@pytest.mark.parametrize(
    ("date", "said_of_it", "named"),
    [
        (202710, "9 appointments in the band in all", "9 in all"),
        (202711, "9 appointments in the band a year", "9 a year"),
    ],
)
def test_appointments_are_told_in_all_where_one_round_is_left(
    twelve: Warehouse, date: int, said_of_it: str, named: str
) -> None:
    # the data end in October 2026: a year later one round has been, a month more begins another
    shown = scene(twelve, date=date, assumed=Scenario(plan=9))
    assert exhibits.subtitle(shown).startswith(f"with {said_of_it} · ")
    assert exhibits.FAN.takeaway(shown, figures.tables(twelve, exhibits.FAN, shown)).startswith(f"{named}: ")
    table, _ = kept.side_by_side(shown, [], exhibits.row_of(exhibits.summed(shown, {}), shown.mode))
    assert table["Appointments"].tolist() == [named]


def test_a_plan_that_vacancies_do_not_allow_is_not_said_to_reach_the_chance(twelve: Warehouse) -> None:
    shown = scene(twelve)
    found = {**figures.tables(twelve, exhibits.FAN, shown), "marks": pd.DataFrame({"n": [1, None, None]})}
    assert exhibits.FAN.takeaway(shown, found).startswith("As many as posts fall vacant: ")


def test_a_bridge_of_people_of_any_age_knows_no_age_line(twelve: Warehouse) -> None:
    women = {**_team(twelve), "upper_age": None, "sex": "female"}
    shown = scene(twelve, target=women)
    ageless = BRIDGE.assign(people=[1022, 0, -20, -10, -1, 0, 89, 1080])
    found = {**figures.tables(twelve, exhibits.BRIDGE, shown), "bridge": ageless}
    assert exhibits.BRIDGE.takeaway(shown, found).startswith(
        "As few as reach 9 in 10: of today's 1,022, going 31; appointees who count then 89;"
    )
    assert exhibits.BRIDGE.draw is not None
    figure = exhibits.BRIDGE.draw(shown, found)
    assert figure is not None
    assert not [text for text in _notes(figure) if "age line" in text]
    assert "age line" not in str(figure.to_dict())


def test_one_round_left_is_said_and_not_drawn(twelve: Warehouse) -> None:
    shown, one = scene(twelve), {"lateness": LATE.head(1).assign(years=1, a_year=13, total=13)}
    assert exhibits.LATENESS.draw is not None
    assert exhibits.LATENESS.draw(shown, one) is None
    assert exhibits.LATENESS.takeaway(shown, one) == (
        "Only one round is left before Apr 2027: 13 to be appointed by then, none later."
    )


# --- feasibility ---


@pytest.mark.parametrize(
    ("ready", "verdict"),
    [
        (51, "; 52 are needed in all, but only 51 below have the years required: too few."),
        (52, "; 52 are needed in all, and 52 below have the years required: enough."),
        (None, "; no rule says from which posts these are filled, so that nobody can be counted below."),
    ],
)
def test_feasibility_holds_what_is_needed_against_posts_and_people(
    twelve: Warehouse, ready: int | None, verdict: str
) -> None:
    shown = scene(twelve, date=203112)
    found = {"lateness": LATE, "vacancies": pd.DataFrame({"vacancies": [60]})}
    below = pd.DataFrame({"people": [70], "ready": [ready]}).dropna()
    assert pool.verdict(shown, found, below) == f"About 60 posts fall vacant a year{verdict}"
    table, _ = pool.feasibility(shown, found, below)
    assert table["Number"].tolist() == ["13", "about 60", "52", *(["70", str(ready)] if ready else [])]


@pytest.mark.parametrize(("start", "needed"), [(None, 13), (202901, 13), (202910, 13), (202911, 48)])
def test_feasibility_counts_from_the_first_month_that_is_planned(
    twelve: Warehouse, start: int | None, needed: int
) -> None:
    # appointments of a year count as begun in it: whoever starts after October 2029 has the years from there on
    shown = scene(twelve, date=203112, assumed=Scenario(start=start, date=203112))
    found = {"lateness": LATE, "vacancies": pd.DataFrame({"vacancies": [60]})}
    table, _ = pool.feasibility(shown, found, pd.DataFrame({"people": [], "ready": []}))
    assert table["Number"].tolist()[0] == str(needed)


def test_feasibility_says_where_vacancies_are_too_few(twelve: Warehouse) -> None:
    shown = scene(twelve, CHINESE)
    found = {"lateness": LATE.tail(1), "vacancies": pd.DataFrame({"vacancies": [3]})}
    below = figures.tables(twelve, pool.POOL, scene(twelve, target_id="principals_35", date=202702))["pool"]
    assert below[["people", "ready"]].to_numpy().tolist() == [[2, 1]]
    assert pool.verdict(shown, found, below) == "届前可出缺约 3 个，不足以支撑九成把握。"
    table, _ = pool.feasibility(shown, found, below)
    assert dict(table.to_numpy().tolist()) == {
        "届前需新任（九成把握）": "难以达到",
        "届前可出缺（从紧估计）": "约 3",
        "下一级人选（届时仍符合条件）": "2",
        "其中届时任职年限已满": "1",
    }


def test_the_pool_is_told_with_what_each_rule_asks_and_nothing_else(twelve: Warehouse) -> None:
    # of the two chiefs one has held the post for three years by February 2027, the other has not
    shown = scene(twelve, target_id="party_women", date=202702)
    found = figures.tables(twelve, pool.PERSON, shown)
    assert pool.PERSON.takeaway(shown, found) == (
        "2 people, 1 of them with all that is required by Feb 2027; in the order of units, nobody is placed before "
        "another."
    )
    assert set(pool.LISTED) <= set(found["person"].columns)
    nobody = pool.PERSON.takeaway(shown, {"person": found["person"].head(0)})
    assert nobody == "Nobody one level below is eligible by Feb 2027."


def test_a_level_out_of_reach_has_no_mark_and_the_others_have_theirs(
    twelve: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def least(level: float) -> Least:
        if level > 0.5:
            raise NotAttainable(7, 0.6)
        return Least(5, 0.55, 0.4)

    found = SimpleNamespace(**{**vars(TOLD.project("", 0, None, Scenario())), "least": least})
    monkeypatch.setattr(exhibits, "projection", lambda _: found)
    shown = scene(twelve)
    marks = figures.tables(twelve, exhibits.REACH, shown)["marks"]
    assert marks["n"].isna().tolist() == [False, True, True]
    assert marks[["name", "n", "chance"]].to_numpy().tolist()[0] == ["5 in 10", 5, 0.55]
    curve = figures.tables(twelve, exhibits.REACH, shown)["curve"].query("scenario == 'estimated'")
    assert curve["n"].tolist() == [0, 1, 2, 3, 4, 5]
    assert curve["chance"].iloc[-1] == 0.55
    assert exhibits.REACH.draw is not None
    assert exhibits.REACH.draw(shown, figures.tables(twelve, exhibits.REACH, shown)) is not None


def test_history_is_what_was_counted_and_the_fan_goes_on_from_today(twelve: Warehouse) -> None:
    fan = figures.tables(twelve, exhibits.FAN, scene(twelve))["fan"]
    history = fan[fan["mode"] == "history"]
    assert (int(history["month"].min()), int(history["month"].max())) == (202110, CADRE_MONTH)
    over_time = twelve.ask("age_ladder/over_time", since=202110, until=CADRE_MONTH, target="team_35").table
    assert history["middle"].astype(int).tolist() == over_time["have"].tolist()


def test_where_people_are_counted_unit_by_unit_there_is_no_bridge(
    twelve: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SimpleNamespace(**{**vars(TOLD.project("", 0, None, Scenario())), "bridge": None})
    monkeypatch.setattr(exhibits, "projection", lambda _: found)
    shown = scene(twelve)
    made = figures.tables(twelve, exhibits.BRIDGE, shown)
    assert exhibits.BRIDGE.draw is not None
    assert exhibits.BRIDGE.draw(shown, made) is None
    assert exhibits.BRIDGE.takeaway(shown, made).startswith("People are counted unit by unit")


def test_trust_is_the_past_error_of_groups_of_this_size_in_people(twelve: Warehouse) -> None:
    shown = scene(twelve)
    trusted = exhibits.trust(shown, 1400, TESTED)
    assert trusted.table is not None
    assert trusted.table.to_numpy().tolist() == [["1", "28", "42", "14", "160/200"], ["2", "70", "56", "21", "146/180"]]
    assert trusted.lines[0] == (
        "Groups of this size, years ahead 1: off by 28 on average; taken as unchanged, by 42; by chance alone, 14."
    )
    later = exhibits.trust(dataclasses.replace(shown, date=202810), 1400, TESTED)
    assert later.lines[0].endswith("; no better than no change.")
    assert trusted.lines[1] == "Years ahead 2: no better than no change."
    assert not any(line.startswith("Years ahead") for line in later.lines)
    small = exhibits.trust(shown, 20, TESTED)
    assert small.table is not None
    assert small.table.to_numpy().tolist() == [["1", "1", "1", "1", "40/50"]]


def test_trust_says_what_was_never_tested(twelve: Warehouse) -> None:
    shown = scene(twelve)
    assert exhibits.trust(shown, 1400, None).lines[0].startswith("No past projection of groups of this size")
    assert exhibits.trust(shown, 100, TESTED).table is None
    # the longest projections that were held against what came reached two years ahead
    assert exhibits.trust(dataclasses.replace(shown, date=202810), 1400, TESTED).lines[-1] == "Tested up to Oct 2028."
    far = exhibits.trust(dataclasses.replace(shown, date=202811), 1400, TESTED)
    assert far.lines[-1] == "Nov 2028 lies beyond tested range: read the direction, not the number."
    whole = pd.concat([TESTED, TESTED.iloc[[1]].assign(horizon=5)], ignore_index=True)
    for date, said_last in ((203110, "Tested up to Oct 2031."), (203111, "Nov 2031 lies beyond tested range")):
        assert exhibits.trust(dataclasses.replace(shown, date=date), 1400, whole).lines[-1].startswith(said_last)


@pytest.mark.parametrize(("mae", "said_so"), [(3.99, False), (4.0, True), (4.01, True)])
def test_no_better_than_no_change_is_said_exactly_where_it_is_so(twelve: Warehouse, mae: float, said_so: bool) -> None:
    row = TESTED["horizon"].eq(2) & TESTED["mode"].eq("practice")
    table = TESTED.assign(mae=TESTED["mae"].where(~row, mae))
    looked_at = exhibits.trust(scene(twelve, date=202810), 1400, table).lines[0]
    beside = exhibits.trust(scene(twelve), 1400, table).lines[1]
    assert looked_at.endswith("no better than no change.") == said_so
    assert (beside == "Years ahead 2: no better than no change.") == said_so


def test_of_few_people_only_people_are_told(twelve: Warehouse) -> None:
    # twenty people: whatever is said of them is in whole people and tenths, but for the settings of levers
    shown = scene(twelve)
    trusted = exhibits.trust(shown, 20, TESTED)
    assert trusted.table is not None
    texts = [*trusted.lines, *trusted.table.to_numpy().ravel(), *trusted.table.columns, exhibits.subtitle(shown)]
    for exhibit in (exhibits.LEDGER, exhibits.BRIDGE, exhibits.FAN, exhibits.REACH, exhibits.LATENESS):
        found = figures.tables(twelve, exhibit, shown)
        texts += [exhibit.title(shown), exhibit.caption(shown), exhibit.takeaway(shown, found)]
        texts += _notes(exhibit.draw(shown, found)) if exhibit.draw and exhibit is not exhibits.REACH else []
    texts.append(exhibits.headline(shown, exhibits.summed(shown, {})))
    assert [text for text in texts if "%" in re.sub(r"达到\d+%", "", text)] == []


@pytest.mark.parametrize(
    ("people", "date", "factor"), [(1400, 202710, 1.2), (1400, 202711, 1.4), (1400, 203110, 1.4), (20, 202710, 1.0)]
)
def test_intervals_are_widened_as_past_errors_of_this_size_and_time_ask(people: int, date: int, factor: float) -> None:
    assert exhibits.widening(TESTED, people, CADRE_MONTH, date) == factor
    assert exhibits.widening(None, people, CADRE_MONTH, date) == 1.0


@pytest.mark.parametrize(
    ("likely", "found", "tenths"),
    [
        (1.0, "met", "almost certain"),
        (0.78, "met", "about 8 in 10"),
        (0.75, "met", "about 8 in 10"),
        (0.74, "at_risk", "about 7 in 10"),
        (0.45, "at_risk", "about 5 in 10"),
        (0.44, "missed", "about 4 in 10"),
        (0.0, "missed", "hardly any"),
    ],
)
def test_a_chance_has_the_sign_of_the_tenth_that_is_said(likely: float, found: str, tenths: str) -> None:
    # likely met is said of 8 in 10 or more, likely missed of below 5 in 10
    assert (exhibits.status(likely), chance.in_words(likely, ENGLISH)) == (found, tenths)


def test_the_ledger_says_what_comes_of_every_target_that_was_projected(twelve: Warehouse) -> None:
    quota = twelve.ask("age_ladder/quota", as_of=CADRE_MONTH).table
    row = {"projected": 981, "needed": 1069, "chance": 0.12}
    table = exhibits.ledger(scene(twelve), quota, {"team_35": row})
    drawn = {row["id"]: row for row in ledger.rows(table, say=ENGLISH)["rows"]}
    chosen, other = drawn["team_35"], drawn["team_30"]
    assert (chosen["spareAtChange"], chosen["wordAtChange"], chosen["chance"]) == ("−88", "short", "about 1 in 10")
    assert (other["spareAtChange"], other["chance"]) == ("—", "")


@pytest.mark.parametrize("exhibit", exhibits.EXHIBITS, ids=lambda exhibit: exhibit.name)
@pytest.mark.parametrize(("spoken", "seen"), SEEN, ids=("zh", "en"))
def test_every_figure_draws_and_says_nothing_that_only_a_program_says(
    exhibit: Exhibit[OutlookScene], spoken: words.Words, seen: look.Look, twelve: Warehouse
) -> None:
    for assumed in (Scenario(date=TERM), Scenario(plan=7, date=TERM)):
        shown = scene(twelve, spoken, seen, assumed=assumed)
        found = figures.tables(twelve, exhibit, shown)
        texts = figures.said(exhibit, shown, found)
        assert all(texts)
        assert [text for text in texts if figures.NEVER_SAID.search(text)] == []


@pytest.mark.promise("outlook.groups")
def test_what_becomes_of_one_or_two_is_not_projected(twelve: Warehouse) -> None:
    of = {have: scene(twelve) for have in (0, 1, 2, 3)}
    told = {
        have: exhibits.enough(dataclasses.replace(each, target={**each.target, "have": have}), 10)
        for have, each in of.items()
    }
    assert told == {0: True, 1: False, 2: False, 3: True}
    assert not exhibits.enough(scene(twelve, target_id="party_women"), 10)


def test_where_nothing_is_needed_or_moves_it_is_said(twelve: Warehouse) -> None:
    shown = scene(twelve)
    nobody = {"lateness": LATE.head(2).assign(a_year=0, total=0)}
    said_of_it = exhibits.LATENESS.takeaway(shown, nobody)
    assert said_of_it == "9 in 10 is reached even if nobody is appointed in the band."
    still = {"sensitivity": MOVED.assign(low=981.0, high=981.0)}
    assert exhibits.SENSITIVITY.takeaway(shown, still) == "No assumption moves it by a whole person."


def test_every_lever_is_written_as_its_kind(twelve: Warehouse) -> None:
    bounds = scene(twelve).bounds
    settings = [("exits", 1.3), ("exits", 1.0), ("entry_age", -0.5), ("entry_age", 1), ("slip", 0.05)]
    written = [exhibits.lever_setting(bounds[lever], value, ENGLISH) for lever, value in settings]
    assert written == ["+30%", "0%", "−0.5 y", "+1 y", "5%"]


# --- scenarios ---


def version(shown: OutlookScene, **changed: Any) -> scenarios.Version:
    """A version as the page saves it."""
    summary = exhibits.row_of(exhibits.summed(shown, {}), shown.mode)
    given = scenarios.Version(
        number=1,
        version=1,
        name="近年",
        target_id=shown.target_id,
        unit=shown.unit,
        levers=kept.levers_of(shown.assumed, shown.date),
        figures=kept.figures_of(summary),
        build_id="then",
        as_of=202509,
        who="local",
        written="2026-11-22T12:00:00+00:00",
    )
    return dataclasses.replace(given, **changed)


def test_versions_stand_beside_what_is_on_the_page(twelve: Warehouse) -> None:
    shown = scene(twelve, assumed=Scenario(exits=1.2, date=TERM))
    now = kept.figures_of(exhibits.row_of(exhibits.summed(shown, {}), shown.mode))
    table, columns = kept.side_by_side(shown, [version(scene(twelve))], now)
    assert table["Scenario"].tolist() == ["on this page", "近年, version 1"]
    assert table["Exits"].tolist() == ["+20%", "0%"]
    assert table["projected"].tolist() == ["979", "981"]
    assert table["Chance"].tolist() == ["about 1 in 10", "about 1 in 10"]
    assert table["Saved"].tolist() == ["", "2026-11-22, local"]
    assert [column.heading for column in columns] == table.columns.tolist()


def test_what_changed_since_an_endorsement_is_then_and_now(twelve: Warehouse) -> None:
    shown = scene(twelve)
    stamped = version(shown, endorsed_by="部长", endorsed="2026-11-23T12:00:00+00:00")
    old = dataclasses.replace(stamped, figures={**stamped.figures, "have": 1000, "chance": 0.5})
    table, _ = kept.since(shown, [old, version(shown)], "now") or (pd.DataFrame(), [])
    assert table.iloc[0].tolist() == [
        "近年, version 1",
        "2025-09 → 2026-10",
        "1,000 → 1,022",
        "1,069",
        "981",
        "about 5 in 10 → about 1 in 10",
        "then → now",
    ]
    assert kept.changed(shown, [old, stamped]) == (
        "Of 2 endorsed versions 1 give other numbers on today's data; what was endorsed is kept."
    )
    assert kept.since(shown, [version(shown)], "now") is None


def test_a_version_is_of_its_target_its_unit_and_of_those_who_see_the_same(twelve: Warehouse) -> None:
    shown = scene(twelve)
    mine, later = version(shown), version(shown, number=3)
    others = [version(shown, target_id="team_30", number=2), version(shown, unit="001.001", number=4)]
    of_part = version(shown, units=("001.002",), number=5)
    every = [mine, *others, later, of_part]
    assert kept.of_scene(every, shown, (EVERY_UNIT,)) == [later, mine]
    assert kept.of_scene(every, shown, ("001.002",)) == [of_part]
    assert kept.of_scene(every, shown, ("001.001",)) == []


def test_a_version_opens_as_the_address_that_made_it(twelve: Warehouse) -> None:
    shown = scene(twelve)
    made = version(scene(twelve, assumed=Scenario(exits=1.3, slip=0.0, plan=9, start=202701)))
    assert kept.in_address(made, shown.bounds) == {
        "exits": "1.3",
        "entry_age": None,
        "slip": None,
        "early": None,
        "plan": "9",
        "start": "2027-01",
        "month": "2027-04",
    }


# --- the real model on the example city ---


@pytest.fixture(scope="module")
def learnt(city: Warehouse) -> Outlook:
    """What the model learns of the small city."""
    asked = {role: city.ask(name, **given).table for role, (name, given) in exhibits.learning(CADRE_MONTH).items()}
    fitted = exhibits.learn(asked, CADRE_MONTH)
    assert fitted is not None
    return fitted


@pytest.mark.parametrize("date", [202612, 203112])
def test_every_target_of_the_example_city_is_told_whole(city: Warehouse, learnt: Outlook, date: int) -> None:
    quota = city.ask("age_ladder/quota", as_of=date).table
    for row in quota.to_dict("records"):
        target = {str(name): value for name, value in row.items()}
        wanted = Wanted(int(row["needed"]), int(row["base"]), int(row["have"]))
        shown = scene(city, learnt=learnt, target=target, target_id=row["target_id"], wanted=wanted, date=date)
        found = exhibits.told(shown, _asked(city, shown))
        texts = [exhibits.headline(shown, found), exhibits.subtitle(shown)]
        for exhibit in exhibits.EXHIBITS[1:-1]:
            drawn = exhibit.draw(shown, found) if exhibit.draw else None
            assert drawn is None or drawn.data
            texts += [exhibit.takeaway(shown, found), *_notes(drawn)]
        assert [text for text in texts if figures.NEVER_SAID.search(text)] == []


def test_a_bridge_ends_at_what_the_plan_projects(city: Warehouse, learnt: Outlook) -> None:
    quota = city.ask("age_ladder/quota", as_of=203112).table
    (row,) = (row for row in quota.to_dict("records") if row["target_id"] == "township_team_35")
    target = {str(name): value for name, value in row.items()}
    wanted = Wanted(int(row["needed"]), int(row["base"]), int(row["have"]))
    shown = scene(city, learnt=learnt, target=target, target_id="township_team_35", wanted=wanted, date=203112)
    found = exhibits.told(shown, _asked(city, shown))
    people = found["bridge"]["people"].astype(int).tolist()
    assert sum(people[:-1]) == people[-1] == exhibits.row_of(found, "plan")["projected"]
    least = found["marks"].set_index("probability")
    assert all(likely >= level for level, likely in least["chance"].dropna().items())


def _notes(drawn: Figure | None) -> list[str]:
    return [note.text for note in drawn.layout.annotations] if drawn else []


def _asked(house: Warehouse, of: OutlookScene) -> Tables:
    return {role: house.ask(name, **given).table for role, (name, given) in exhibits.FAN.asks(of).items()}


# --- the page ---


@pytest.fixture
def page_store(cadre_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The twelve people, with a model that always tells the same."""
    monkeypatch.setattr(exhibits, "learn", lambda *_: TOLD)
    monkeypatch.setattr(exhibits, "people", lambda learnt, target, units: len(learnt.there(target, units)))
    return cadre_store


def test_the_page_runs_to_its_end_in_either_language_and_says_the_same_numbers(page: OpenPage) -> None:
    chinese, english = (page(lang=language, target="team_35") for language in ("zh_CN", "en"))
    for kind in ("page-title", "takeaway"):
        for one, other in zip(said(chinese, kind), said(english, kind), strict=True):
            assert bool(NUMBER.findall(MONTH.sub("", one))) == bool(NUMBER.findall(MONTH.sub("", other)))
    drawn = {"outlook-fan", "outlook-bridge", "outlook-reach", "outlook-lateness", "outlook-sensitivity"}
    assert any(text.startswith("About 60 posts fall vacant by then; 52 are needed") for text in said(english))
    assert charts(chinese) == charts(english) == drawn


@pytest.mark.parametrize(
    ("codes", "finding"),
    [
        ({}, "现有 1,022 人，换届时约 981 人（应配 1,069 人），约一成把握达标"),
        ({"exits": "1.2"}, "换届时约 979 人"),
        ({"plan": "9"}, "换届时约 1,080 人（应配 1,069 人），约九成把握达标"),
        ({"month": "2027-01"}, "2027年1月约 981 人"),
        ({"unit": "001.001"}, "甲县乡镇领导班子成员"),
    ],
)
def test_a_code_in_the_address_changes_the_finding(page: OpenPage, codes: dict[str, str], finding: str) -> None:
    assert finding in title(page(target="team_35", **codes))


@pytest.mark.parametrize(
    "codes",
    [
        {"exits": "9"},
        {"slip": "x"},
        {"plan": "-1"},
        {"plan": "999999"},
        {"plan": "²"},
        {"start": "2001-01"},
        {"month": "2016-01"},
        {"month": "soon"},
        {"target": "nobody"},
        {"more": "nothing"},
    ],
    ids=str,
)
def test_a_code_that_nobody_knows_is_passed_over(page: OpenPage, codes: dict[str, str]) -> None:
    assert said(page(**codes)) == said(page())


def test_a_lever_is_kept_in_the_address_and_taken_out_again(page: OpenPage) -> None:
    app = page(lang="en", target="team_35")
    well(app.select_slider(key="slide_exits").set_value("1.2").run())
    assert address(app) == {"lang": "en", "target": "team_35", "exits": "1.2"}
    assert "about 979" in title(app)
    well(app.select_slider(key="slide_exits").set_value("1").run())
    well(app.number_input(key="number_plan").set_value(9).run())
    assert address(app) == {"lang": "en", "target": "team_35", "plan": "9"}
    assert "about 1,080" in title(app)


@pytest.mark.promise("outlook.groups")
def test_people_are_named_only_to_those_who_may_see_names(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names_in(page(target="team_30", month="2027-03", more="people")) == {"孙样丙"}
    assert {"孙样丙", "王样辛"} <= names_in(page(target="principals_35", month="2027-02", more="people"))
    assert names_in(page(target="team_35", more="scenarios")) == set()
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    assert names_in(page(target="team_30", month="2027-03", more="people")) == set()


@pytest.mark.promise("outlook.groups")
def test_what_few_people_will_do_is_not_projected(page: OpenPage) -> None:
    app = page(lang="en", target="party_women")
    assert "now," in title(app)
    assert "if nobody moves" in title(app)
    assert any("what single people will do is not projected" in text for text in said(app))
    assert charts(app) <= {"age_ladder-crossing", "outlook-roll_off"}


def test_the_model_card_says_what_it_must_not_be_used_for(page: OpenPage) -> None:
    assert any(
        "Must not be used for Judging, ranking or predicting" in text
        for text in said(page(lang="en", more="card"), "evidence")
    )


def test_a_scenario_is_saved_compared_endorsed_and_then_stays(page: OpenPage, cadre_store: Store) -> None:
    app = page(lang="en", target="team_35", exits="1.2")
    well(app.text_input(key="scenario_name").set_value("more exits").run())
    well(next(button for button in app.button if button.label == "Save as a new version").click().run())
    try:
        (made,) = scenarios.kept(cadre_store)
        assert (made.name, made.version, made.levers["exits"], made.figures["projected"]) == ("more exits", 1, 1.2, 979)
        assert any("more exits, version 1" in body for body in said(app, "table-box"))
        well(next(button for button in app.button if button.label == "Endorse").click().run())
        (endorsed,) = scenarios.kept(cadre_store)
        assert endorsed.endorsed_by == "local"
        assert any("What changed since it was endorsed" in text for text in said(app, "card-title"))
        withdraw = next(button for button in app.button if button.label == "Withdraw")
        assert withdraw.disabled
    finally:
        for path in cadre_store.scenarios.iterdir():
            path.unlink()


def test_whoever_may_not_see_names_keeps_and_endorses_nothing(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    app = page(lang="en", more="scenarios")
    assert any("on this page" in body for body in said(app, "table-box"))
    assert {button.label for button in app.button} == {"中文"}


def test_a_broken_scenario_is_said_and_the_rest_of_the_page_stands(page: OpenPage, cadre_store: Store) -> None:
    folder = cadre_store.scenarios
    folder.mkdir(exist_ok=True)
    (folder / "0001.json").write_text("{", encoding="utf-8")
    try:
        app = page(lang="en")
        assert any("0001.json cannot be read as JSON" in text for text in said(app))
        assert "outlook-fan" in charts(app)
    finally:
        (folder / "0001.json").unlink()


def test_the_page_is_presented_with_its_levers(page: OpenPage) -> None:
    codes = {"target": "team_35", "plan": "2", "slip": "0.2", "start": "2027-01", "month": "2028-06", "lang": "en"}
    told = said(page("outlook", **codes), "takeaway")
    shown = [
        line for at in ("2", "5") for line in said(page("present", page="outlook", at=at, **codes), "leaf-finding")
    ]
    assert shown[1].startswith("2 in all")
    assert set(shown) <= set(told)
    beyond = [said(page("present", page="outlook", **codes | {"slip": slip}), "leaf-finding") for slip in ("9", "no")]
    assert beyond == [said(page("present", page="outlook", **codes | {"slip": "0"}), "leaf-finding")] * 2
