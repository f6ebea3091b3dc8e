"""Small shares: by hand, by simulation against what is known of each method, and against the questions' own SQL."""

import functools
import math
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models import rates
from queries import statements

Z = rates.Z_95


def covered(method: str, people: int, dice: np.random.Generator) -> float:
    """The mean share of a method's 95 % intervals that hold the truth, over rates from 2 to 98 %."""
    truth = dice.uniform(0.02, 0.98, 40_000)
    hits = dice.binomial(people, truth)
    if method == "wilson":
        low, high = rates.wilson(hits, np.full(len(hits), people))
    else:
        share = hits / people
        half = Z * np.sqrt(share * (1 - share) / people)
        low, high = share - half, share + half
    return float(np.mean((low <= truth) & (truth <= high)))


@pytest.mark.parametrize(
    ("method", "people", "expected"),
    [
        ("wilson", 5, 0.95),
        ("wilson", 10, 0.95),
        ("wilson", 20, 0.95),
        ("wald", 5, 0.66),
        ("wald", 10, 0.79),
        ("wald", 20, 0.87),
    ],
)
def test_wilson_covers_as_promised_where_wald_does_not(method: str, people: int, expected: float) -> None:
    assert covered(method, people, np.random.default_rng(people)) == pytest.approx(expected, abs=0.015)


def test_the_interval_worked_by_hand() -> None:
    low, high = rates.wilson(5, 10)
    assert (float(low), float(high)) == pytest.approx((0.236593, 0.763407), abs=1e-6)
    assert all(math.isnan(end) for end in rates.wilson(0, 0))


def test_the_difference_is_newcombes_own_example() -> None:
    low, high = rates.newcombe(56, 70, 48, 80)
    assert (float(low), float(high)) == pytest.approx((0.0524, 0.3339), abs=1e-4)


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_questions_count_the_same_intervals(hits: int, rest: int, other_hits: int, other_rest: int) -> None:
    people, others = hits + rest + 1, other_hits + other_rest + 1
    row = asked_of_the_warehouse(hits, people, other_hits, others)
    assert row[:2] == pytest.approx(tuple(map(float, rates.wilson(hits, people))), abs=1e-12)
    assert row[2:4] == pytest.approx(tuple(map(float, rates.newcombe(hits, people, other_hits, others))), abs=1e-9)
    assert row[4] is None


def asked_of_the_warehouse(*counts: int) -> tuple[Any, ...]:
    """Both intervals as the macros of the warehouse count them."""
    row = macros().execute(
        "select wilson_low($1, $2), wilson_high($1, $2),"
        " newcombe_low($1, $2, $3, $4), newcombe_high($1, $2, $3, $4), wilson_low(0, 0)",
        list(counts),
    )
    return tuple(row.fetchall()[0])


@functools.cache
def macros() -> duckdb.DuckDBPyConnection:
    """A connection that knows the macros of the warehouse and nothing else."""
    connection = duckdb.connect()
    connection.execute(statements.MACROS)
    return connection


def alarms(limit: str) -> float:
    """In how many of many cases some unit of 40 equal ones lies outside a limit."""
    dice = np.random.default_rng(2005)
    people = dice.integers(10, 60, 40)
    limits = rates.funnel_limits(0.7, people)
    share = dice.binomial(people, 0.7, (20_000, 40)) / people
    low, high = limits[f"low_{limit}"].to_numpy(), limits[f"high_{limit}"].to_numpy()
    return float(np.mean(np.any((share < low) | (share > high), axis=1)))


def test_of_forty_equal_units_some_lie_outside_the_inner_limits_and_hardly_one_outside_the_outer() -> None:
    assert 0.6 < alarms("95") < 0.8
    assert 0.01 < alarms("99_8") < 0.06


def test_the_limits_hold_the_share_of_units_that_they_say() -> None:
    limits = rates.funnel_limits(0.3, [30, 100, 500])
    held = 1 - stats.binom.sf(np.floor(limits["high_95"] * limits["people"]), limits["people"], 0.3)
    assert np.all(np.diff(limits["high_95"]) < 0)
    assert np.all(np.diff(limits["low_95"]) > 0)
    assert np.all(held >= 0.975)
    assert np.all(limits["low_99_8"] < limits["low_95"])
    assert np.all(limits["high_99_8"] > limits["high_95"])


def test_units_that_truly_differ_widen_the_funnel_and_equal_ones_do_not() -> None:
    dice = np.random.default_rng(1)
    people = dice.integers(30, 300, 60)
    equal = [rates.over_dispersion(dice.binomial(people, 0.6), people) for _ in range(200)]
    apart = dice.binomial(people, np.clip(dice.normal(0.6, 0.12, 60), 0, 1))
    assert np.mean(np.array(equal) == 1.0) > 0.9
    assert rates.over_dispersion(apart, people) > 2


def test_one_unit_far_off_is_told_and_does_not_hide_itself() -> None:
    people = np.full(40, 60)
    hits = np.append(np.random.default_rng(3).binomial(60, 0.75, 39), 18)
    found = rates.outside(hits, people)
    assert found["verdict"].iloc[-1] == "below_99_8"
    assert list(found["verdict"]).count("below_99_8") == 1
    assert rates.over_dispersion(hits, people) == 1.0


def test_counts_that_can_not_be_are_refused() -> None:
    with pytest.raises(ValueError, match="from none to all"):
        rates.wilson(3, 2)
