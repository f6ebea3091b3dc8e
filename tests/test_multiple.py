"""Many tests at once: by hand, against an independent implementation, and by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models import multiple

PROBABILITIES = st.lists(st.floats(0, 1), max_size=30)


def test_the_example_worked_by_hand() -> None:
    assert multiple.adjusted([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert multiple.stand_out([0.01, 0.04, 0.03, 0.5], 0.05).tolist() == [True, False, False, False]


@given(PROBABILITIES)
def test_it_agrees_with_an_independent_implementation(p_values: list[float]) -> None:
    expected = stats.false_discovery_control(p_values) if p_values else []
    assert multiple.adjusted(p_values) == pytest.approx(expected)


@given(PROBABILITIES)
def test_a_smaller_p_value_never_stands_out_less(p_values: list[float]) -> None:
    in_order = multiple.adjusted(sorted(p_values))
    assert np.all(np.diff(in_order) >= 0)
    assert np.all(in_order >= np.array(sorted(p_values)) - 1e-12)


def test_without_any_effect_an_alarm_is_raised_in_about_one_year_of_ten() -> None:
    dice = np.random.default_rng(7)
    alarms = [multiple.stand_out(dice.random(40), 0.10).any() for _ in range(2_000)]
    assert 0.08 < np.mean(alarms) < 0.12


@pytest.mark.parametrize("wrong", [[1.2], [-0.1], [float("nan")]])
def test_what_is_no_probability_is_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        multiple.adjusted(wrong)
