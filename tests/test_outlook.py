"""The outlook of a city: today's count is the ledger's, parts sum to their wholes, and levers pull one way."""

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest

from models import backtest, projection
from models.outlook import Outlook
from models.projection import Projection, Wanted
from models.reach import NotAttainable
from models.scenario import Scenario
from queries.warehouse import Warehouse
from tests.invented import RANGES

FAR = 203112


@pytest.fixture(scope="module")
def fitted(city: Warehouse) -> Outlook:
    """What the small city teaches by the month of its data."""
    return Outlook().fit(
        city.ask("outlook/posting").table,
        city.ask("outlook/target", as_of=city.data_month).table,
        city.ask("outlook/term").table,
        city.data_month,
    )


@pytest.fixture(scope="module")
def quota(city: Warehouse) -> pd.DataFrame:
    """The ledger of the month of the data."""
    return city.ask("age_ladder/quota", as_of=city.data_month).table.set_index("target_id")


@pytest.fixture(scope="module")
def then(city: Warehouse) -> pd.DataFrame:
    """The ledger of a far month, if nobody moves."""
    return city.ask("age_ladder/quota", as_of=FAR).table.set_index("target_id")


def ahead(fitted: Outlook, then: pd.DataFrame, target: str, scenario: Scenario | None = None) -> Projection:
    """The projection of a target to the far month."""
    wanted = Wanted(int(then["needed"].to_dict()[target]), int(then["base"].to_dict()[target]))
    return fitted.project(target, FAR, wanted, scenario or Scenario(), ranges=RANGES)


@pytest.fixture(scope="module")
def team(fitted: Outlook, then: pd.DataFrame) -> Projection:
    """Township team members of 35 and under."""
    return ahead(fitted, then, "township_team_35")


def test_a_posting_takes_little_memory_while_rates_are_learnt(fitted: Outlook, city: Warehouse) -> None:
    rows = fitted.rows(city.ask("outlook/posting").table)
    # eleven numbers of four bytes, a flag, and four texts as codes of a byte or two
    assert rows.drop(columns=["cell", "group", "level", "role"]).memory_usage(index=False).sum() == 45 * len(rows)
    assert rows[["cell", "group", "level", "role"]].memory_usage(index=False).sum() <= 6 * len(rows) + 20_000


def test_what_counts_today_is_what_the_ledger_counts(fitted: Outlook, quota: pd.DataFrame, then: pd.DataFrame) -> None:
    told = {target: int(ahead(fitted, then, target).today.have[0]) for target in quota.index}
    assert told == quota["have"].to_dict()
    assert len(told) == 17


def test_a_unit_and_the_others_are_the_whole(fitted: Outlook, city: Warehouse) -> None:
    units = city.ask("outlook/posting").table["unit_no"].unique()
    some = frozenset(int(number) for number in units[: len(units) // 2])
    rest = frozenset(int(number) for number in units) - some
    for target in fitted.targets_.values():
        parts = [len(fitted.there(target, units)) for units in (some, rest)]
        assert sum(parts) == len(fitted.there(target))


@pytest.mark.parametrize("target", ["township_team_35", "township_principals_35", "township_secretaries_35"])
def test_the_bridge_leads_from_today_to_the_projection(fitted: Outlook, then: pd.DataFrame, target: str) -> None:
    told = ahead(fitted, then, target)
    assert told.bridge is not None
    steps = told.bridge.set_index("step")["people"]
    assert steps.drop("projected").sum() == steps["projected"]
    assert steps["have"] == told.today.have[0]
    assert steps["projected"] == told.summed_up[backtest.PLAN]["projected"]


def test_who_ages_out_is_counted_person_by_person(team: Projection, city: Warehouse) -> None:
    rows = city.ask("outlook/posting").table
    now = rows[(rows["start_month"] <= city.data_month) & (rows["end_month"] > city.data_month) & rows["is_primary"]]
    roles = ("secretary", "chief", "deputy", "member")
    aged = 0
    for row in now.dropna(subset="birth_month").to_dict("records"):
        if row["body"] == "township" and row["role"] in roles:
            aged += city.data_month - row["birth_month"] < 3600 <= FAR - row["birth_month"]
    assert team.bridge is not None
    assert dict(zip(team.bridge["step"], team.bridge["people"], strict=True))["aged"] == -aged


def test_intervals_lie_within_each_other_and_start_from_today(team: Projection) -> None:
    for row in team.fan[list(projection.QUANTILES)].to_numpy():
        assert list(row) == sorted(row)
    first = team.fan.groupby("mode").head(1)
    assert (first["middle"] == team.today.have[0]).all()
    assert set(team.fan["mode"]) == {backtest.PLAN, backtest.PRACTICE}


def test_the_chance_of_a_plan_is_exact_and_its_own_paths_agree(team: Projection) -> None:
    seen = float(np.mean(team.planned[-1].have >= team.wanted.needed))
    assert abs(team.chance(team.plan) - seen) < 0.05


def test_one_more_appointment_a_year_never_makes_it_less_likely(team: Projection) -> None:
    told = [team.chance(team.numbers(number)) for number in range(0, 40, 3)]
    assert all(one <= other + 1e-12 for one, other in itertools.pairwise(told))


def test_the_least_plan_reaches_and_one_less_does_not(team: Projection) -> None:
    found = team.least(0.9, most=10_000)
    assert found.chance >= 0.9 > found.below
    assert team.chance(team.numbers(found.number)) == found.chance
    assert team.chance(team.numbers(found.number - 1)) == found.below


@pytest.mark.parametrize(
    ("lever", "value"), [("exits", 1.3), ("entry_age", 1.0), ("slip", 0.3), ("exits", 2.0), ("slip", 0.1)]
)
def test_every_adverse_lever_makes_a_plan_less_likely(
    fitted: Outlook, then: pd.DataFrame, team: Projection, lever: str, value: float
) -> None:
    moved = ahead(fitted, then, "township_team_35", Scenario().with_lever(lever, value))
    numbers = team.numbers(team.least(0.9, most=10_000).number)
    assert moved.chance(numbers) < team.chance(numbers)
    assert moved.expected(numbers) < team.expected(numbers)


def test_what_holds_under_stress_is_no_less_than_without(team: Projection) -> None:
    held = dataclasses.replace(team, probability=0.5).holds_in_all()
    assert held is None or held >= team.least(0.5, most=10_000).number


def test_starting_later_takes_no_fewer_a_year(team: Projection) -> None:
    told = dataclasses.replace(team, probability=0.5).lateness()
    a_year = [int(number) for number in told["a_year"].dropna()]
    assert a_year == sorted(a_year)
    assert list(told["years"]) == list(range(len(told), 0, -1))
    missing = told["a_year"].isna().to_numpy()
    assert not np.any(missing[:-1] & ~missing[1:])


def test_a_plan_that_just_reaches_its_aim_walks_along_the_corridor(team: Projection) -> None:
    # who keeps to such a plan is, in the middle of what may come, neither far above what is enough nor short of it
    told = team.corridor()
    assert told["month"].tolist() == [202710, 202810, 202910, 203010, 203110]
    assert (told["needed_low"] > told["needed_amber"]).all()
    assert (told["have"] - told["needed_low"]).between(0, 10).all()


def test_the_corridor_is_what_the_last_year_needs_by_brute_force(team: Projection) -> None:
    told, random = team.corridor().iloc[-1], np.random.default_rng(0)
    before = np.array([*team.plan[:-1], 0])
    then, last = (team.chances(at).of.sum(axis=1) + team.appointee(at) @ before for at in (team.ends[-2], team.until))

    def reached(people: int) -> float:
        draw = random.integers(0, len(then), 40_000)
        stay = random.binomial(people, (last / then)[draw])
        came = random.binomial(team.plan[-1], team.appointee(team.until)[draw, -1])
        return float(np.mean(stay + came >= team.wanted.needed))

    assert abs(reached(int(told["needed_low"])) - 0.9) < 0.06
    assert abs(reached(int(told["needed_amber"])) - 0.7) < 0.06
    assert reached(int(told["needed_low"])) >= 0.89 > reached(int(told["needed_low"]) - 3)


@pytest.mark.parametrize("target", ["township_secretaries_35", "township_team_30"])
def test_only_a_share_has_a_corridor(fitted: Outlook, then: pd.DataFrame, target: str) -> None:
    assert ahead(fitted, then, target).corridor().empty


def test_a_date_within_a_year_has_no_corridor(fitted: Outlook) -> None:
    assert fitted.project("township_team_35", 202706, Wanted(80, 250), ranges=RANGES).corridor().empty
    assert len(fitted.project("township_team_35", 202711, Wanted(80, 250), ranges=RANGES).corridor()) == 1


def test_beyond_the_vacancies_nothing_is_attainable(fitted: Outlook) -> None:
    wanted = Wanted(10_000, 10_000)
    told = fitted.project("township_team_35", FAR, wanted, ranges=RANGES)
    with pytest.raises(NotAttainable) as refused:
        told.least(0.9)
    assert refused.value.nearest == told.vacancies
    assert refused.value.chance == 0
    assert told.summed_up[backtest.PLAN]["chance"] == 0


def test_appointments_of_part_of_a_year_are_part_of_them(team: Projection) -> None:
    # from 2026-10 to 2031-12 there are five years and two months
    assert team.numbers(12) == [12, 12, 12, 12, 12, 2]
    assert team.numbers(12, begin=2) == [0, 0, 12, 12, 12, 2]


def test_a_share_within_a_share_needs_its_part_of_whoever_is_there(fitted: Outlook, then: pd.DataFrame) -> None:
    told = ahead(fitted, then, "township_secretaries_35")
    assert told.whole is not None
    young = told.whole.practice[-1].have
    assert told.chance([0] * (len(told.ends) - 1) + [1000]) > 0.99
    assert told.practice[-1].base.tolist() == young.tolist()


def test_equal_seeds_tell_the_same(fitted: Outlook, then: pd.DataFrame, team: Projection) -> None:
    pd.testing.assert_frame_equal(ahead(fitted, then, "township_team_35").summary, team.summary)
