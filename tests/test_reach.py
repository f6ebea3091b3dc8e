"""The probability of meeting a target and the least appointments that reach it, held to sums over every outcome."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models import reach

CHANCES = st.lists(st.floats(0, 1), min_size=0, max_size=7)


def by_every_outcome(chances: list[float]) -> list[float]:
    """The distribution of a sum of yes or no, by going through all of them."""
    told = [0.0] * (len(chances) + 1)
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        told[sum(outcome)] += float(np.prod([p if yes else 1 - p for p, yes in zip(chances, outcome, strict=True)]))
    return told


@given(CHANCES)
def test_a_sum_of_unlike_chances_is_told_exactly(chances: list[float]) -> None:
    found = reach.poisson_binomial(np.array([chances]).reshape(1, -1))[0]
    assert found == pytest.approx(by_every_outcome(chances), abs=1e-12)


def test_many_equal_chances_are_binomial_to_the_last_digit() -> None:
    for people in (1, 2, 63, 64, 65, 300, 1500):
        told = reach.poisson_binomial(np.full((1, people), 0.37))[0]
        assert np.abs(told - stats.binom.pmf(np.arange(people + 1), people, 0.37)).max() < 1e-12


def test_own_binomials_are_those_of_the_textbook() -> None:
    for number, chance in itertools.product((0, 1, 5, 40), (0.0, 0.2, 1.0)):
        told = reach.binomial(number, np.array([chance]))[0]
        assert told == pytest.approx(stats.binom.pmf(np.arange(number + 1), number, chance), abs=1e-12)


@given(CHANCES, st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1)), max_size=2), st.integers(0, 12))
def test_reaching_a_number_is_the_sum_over_every_outcome(
    there: list[float], years: list[tuple[int, float]], needed: int
) -> None:
    single = [*there, *(chance for number, chance in years for _ in range(number))]
    numbers, chances = [number for number, _ in years], np.array([[chance for _, chance in years]]).reshape(1, -1)
    told = reach.at_least(
        reach.poisson_binomial(np.array([there]).reshape(1, -1)), reach.appointed(numbers, chances), needed
    )
    assert told == pytest.approx(sum(by_every_outcome(single)[needed:]) if needed else 1.0, abs=1e-12)


def test_a_unit_counts_no_more_people_than_it_is_asked_for() -> None:
    # two people in one unit, one in another, one asked a unit: met twice only if the second and one of the first stay
    told = reach.capped(np.array([[0.5, 0.5, 0.8]]), np.array([7, 7, 9]), 1)[0]
    assert told == pytest.approx([0.25 * 0.2, 0.75 * 0.2 + 0.25 * 0.8, 0.75 * 0.8])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(1, 25), st.floats(0.05, 0.99))
def test_one_more_appointee_never_makes_it_less_likely(chances: list[float], needed: int, success: float) -> None:
    there = reach.poisson_binomial(np.array([chances, chances[::-1]]))
    draws = np.array([[success], [success / 2]])
    told = [reach.at_least(there, reach.appointed([number], draws), needed) for number in range(12)]
    assert all(one <= other + 1e-12 for one, other in itertools.pairwise(told))


@settings(max_examples=50)
@given(st.integers(1, 40), st.floats(0.3, 0.99), st.floats(0.2, 1))
def test_the_least_number_reaches_and_one_less_does_not(needed: int, probability: float, success: float) -> None:
    def chance(number: int) -> float:
        return float(stats.binom.sf(needed - 1, number, success))

    found = reach.least(chance, probability, 1000)
    assert found.chance >= probability - 1e-9
    assert found.number == 0 or found.below < probability
    assert found.number == next(number for number in range(1001) if chance(number) >= probability - 1e-12)


def test_what_no_number_reaches_is_said_with_the_nearest() -> None:
    with pytest.raises(reach.NotAttainable) as refused:
        reach.least(lambda number: number / 100, 0.9, 20)
    assert (refused.value.nearest, refused.value.chance) == (20, 0.2)


def test_nothing_needed_is_reached_by_none() -> None:
    assert reach.least(lambda _: 1.0, 0.9, 10) == reach.Least(0, 1.0, 0.0)


def test_a_simulation_of_its_own_agrees_within_one_in_a_hundred() -> None:
    random = np.random.default_rng(5)
    stay = random.uniform(0.3, 0.95, (4, 60))
    success = random.uniform(0.5, 0.9, (4, 3))
    told = reach.at_least(reach.poisson_binomial(stay), reach.appointed([4, 4, 2], success), 44)
    draw = random.integers(0, 4, 20_000)
    people = (random.random((20_000, 60)) < stay[draw]).sum(axis=1)
    people = people + random.binomial([4, 4, 2], success[draw]).sum(axis=1)
    assert abs(told - float((people >= 44).mean())) < 0.01


def test_the_corridor_is_the_smallest_number_that_still_reaches() -> None:
    came = reach.appointed([3], np.array([[0.8]]))
    smallest = reach.corridor(20, np.array([0.9]), came, 0.9)

    def chance(people: int) -> float:
        there = stats.binom.pmf(np.arange(people + 1), people, 0.9)
        more = stats.binom.pmf(np.arange(4), 3, 0.8)
        return float(sum(there[a] * more[b] for a in range(people + 1) for b in range(4) if a + b >= 20))

    assert chance(smallest) >= 0.9 > chance(smallest - 1)
