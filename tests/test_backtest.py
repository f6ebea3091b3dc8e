"""Back-tests: errors worked by hand, intervals that hold what they promise, one seed one table."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from data import month
from models import backtest, baselines, panel
from models.backtest import Asked
from tests import invented

LAST = month.number(201512)
ORIGIN = month.number(201012)


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """Postings ready to be counted, of one group."""
    return panel.postings(table, table["cell"], pd.Series("all", table.index))


def postings(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    """Postings of one cell: person, birth, start and end (YYYYMM)."""
    table = pd.DataFrame(rows, columns=["person_id", "birth_month", "start_month", "end_month"]).assign(cell="c")
    return counted(table)


@pytest.fixture(scope="module")
def single() -> pd.DataFrame:
    """Projections of forty cells of sixty seats whose people leave by a coin, from ten origins."""
    table = counted(invented.roster(11, seats=2400, cells=40, years=21))
    asked = Asked((40, 45), years=3, paths=300)
    return backtest.forecasts(table, month.number(202012), asked)


@pytest.mark.promise("backtest.intervals")
@pytest.mark.parametrize("mode", [backtest.PRACTICE, backtest.PLAN])
def test_where_rates_are_known_eight_in_ten_outcomes_lie_in_the_interval_of_eight_in_ten(
    single: pd.DataFrame, mode: str
) -> None:
    alike = single[(single["mode"] == mode) & (single["cell"] != backtest.EVERYONE)]
    assert len(alike) >= 500
    told = backtest.measured(alike)
    assert 76 <= told["cover_80"] <= 84
    assert 92 <= told["cover_95"] <= 98


def test_where_rates_are_known_nothing_is_told_too_high_or_too_low(single: pd.DataFrame) -> None:
    assert (backtest.summary(single[single["cell"] != backtest.EVERYONE])["bias"].abs() < 1).all()


def test_the_projection_beats_no_change_and_the_trend_where_rates_are_known(single: pd.DataFrame) -> None:
    told = backtest.summary(single[single["cell"] != backtest.EVERYONE])
    assert (told["mae"] < told["no_change"]).all()
    assert (told["mae"] < 0.8 * told["linear_trend"]).all()


@pytest.mark.promise("backtest.intervals")
def test_equal_seeds_give_one_table() -> None:
    table = counted(invented.roster(2, seats=60, cells=2, years=9))
    asked = Asked((40,), years=2, paths=40)
    one, two = (backtest.summary(backtest.forecasts(table, month.number(200812), asked)) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    other = backtest.summary(backtest.forecasts(table, month.number(200812), Asked((40,), years=2, paths=40, seed=1)))
    assert not one["crps"].equals(other["crps"])


@pytest.mark.promise("backtest.intervals")
def test_errors_are_those_worked_by_hand() -> None:
    q = np.linspace(0, 1, 199)
    rows = pd.DataFrame(
        {
            "origin": [0, 0, 12],
            "outcome": [0.50, 0.30, 0.05],
            "mean": [0.55, 0.20, 0.05],
            "floor": [0.02, 0.04, 0.03],
            "widened": [1.0, 1.0, 1.5],
            "q": [q, q, q],
            **{name: [0.5, 0.5, 0.5] for name in baselines.ALL},
        }
    )
    told = backtest.measured(rows)
    # the median is 0.5: off by 0, 0.2 and 0.45; the mean by +0.05, -0.1 and 0
    assert told["mae"] == pytest.approx(100 * 0.65 / 3)
    assert told["bias"] == pytest.approx(100 * -0.05 / 3)
    assert told["floor"] == pytest.approx(3)
    assert told["widened"] == 1.5
    assert told["no_change"] == pytest.approx(100 * 0.65 / 3)
    # 0.5 and 0.3 lie between a quarter and three quarters; 0.05 only between the ends of nineteen in twenty
    assert [told["cover_50"], told["cover_80"], told["cover_95"]] == pytest.approx([200 / 3, 200 / 3, 100])
    # the score of a uniform distribution at y is y³/3 + (1-y)³/3
    score = np.mean([(y**3 + (1 - y) ** 3) / 3 for y in (0.5, 0.3, 0.05)])
    assert told["crps"] == pytest.approx(100 * score, rel=0.01)


@pytest.mark.promise("backtest.intervals")
def test_intervals_widen_by_errors_that_had_come_due_and_by_no_others() -> None:
    q = np.linspace(0.4, 0.6, 199)
    rows = [
        {
            "origin": 12 * year, "horizon": 2, "mode": "practice", "people": 50, "cell": "c", "age": 40,
            "outcome": 0.5 + 0.2 * (year < 4), "mean": 0.5, "spread": 0.05, "q": q,
        }
        for year in range(8)
    ]  # fmt: skip
    told = backtest.widened(pd.DataFrame(rows)).set_index("origin")["widened"]
    assert list(told.loc[[0, 12]]) == [1, 1]
    # at the third origin one error of four deviations is known, beside the two origins that intervals are trusted as
    assert told[24] == pytest.approx(np.sqrt((16 + 2) / 3))
    assert told[36] == pytest.approx(np.sqrt((32 + 2) / 4))
    assert told[60] == pytest.approx(np.sqrt((64 + 2) / 6))


def test_the_ends_of_an_interval_widen_by_the_errors_at_the_ends() -> None:
    q = 0.5 + 0.05 * stats.norm.ppf(backtest.LEVELS)
    rows = [
        {
            "origin": 12 * year, "horizon": 1, "mode": "plan", "people": 50, "cell": "c", "age": 40,
            "outcome": 0.7 if year == 0 else 0.5, "mean": 0.5, "spread": 0.05, "q": q,
        }
        for year in range(6)
    ]  # fmt: skip
    told = backtest.widened(pd.DataFrame(rows)).set_index("origin").loc[60]
    # errors known by then: four deviations once, none four times; the middle widens by the root of (16 + 2) / 7
    inner = int(np.argmin(np.abs(backtest.LEVELS - 0.8)))
    assert (told["q"][inner] - 0.5) / (q[inner] - 0.5) == pytest.approx(np.sqrt(18 / 7))
    # nineteen of twenty of these errors lie below 3.2 deviations
    outer = int(np.argmin(np.abs(backtest.LEVELS - 0.98)))
    assert (told["q"][outer] - 0.5) / (q[outer] - 0.5) == pytest.approx(3.2 / stats.norm.ppf(0.975))


def test_shares_are_counted_below_the_age_and_not_at_it() -> None:
    rows = postings(("a", 197001, 200001, 999912), ("b", 197002, 200001, 999912), ("c", 196001, 200001, 201001))
    there = panel.snapshot(rows, ORIGIN)
    # in 2010-12 b is 40 years and 10 months, a 40 and 11: from 2010-01 and 2010-02 on both are 40
    assert baselines.shares(there, ORIGIN, ["c"], [40, 41])[0] == pytest.approx([0, 1])
    then = month.number(201001)
    assert baselines.shares(panel.snapshot(rows, then), then, ["c"], [40])[0] == pytest.approx([0.5])


def test_baselines_are_those_worked_by_hand() -> None:
    # four people who never move, born a year apart: one more passes forty each year from 2007 on
    rows = postings(
        *((name, birth, 200001, 999912) for name, birth in zip("abcd", (196701, 196801, 196901, 197001), strict=True))
    )
    at, told = month.number(200812), {}
    for name, baseline in baselines.ALL.items():
        told[name] = list(baseline(panel.known_at(rows, at), at, ["c"], [40], 2)[0, 0])
    assert told["no_change"] == [0.5, 0.5]
    assert told["ageing_only"] == [0.25, 0.0]
    # the shares of 2004 to 2008 are 1, 1, 1, 0.75 and 0.5: a line of slope -0.125 through 0.85 in the middle
    assert told["linear_trend"] == pytest.approx([0.85 - 3 * 0.125, 0.85 - 4 * 0.125])
    # nine years hold everyone: 2000 to 2008
    assert told["long_run_mean"] == pytest.approx([(7 + 0.75 + 0.5) / 9] * 2)
    assert told["flat_exit"] == pytest.approx([0.25, 0.0])


def test_a_year_is_an_origin_only_with_five_whole_years_before_it() -> None:
    table = counted(invented.roster(4, seats=40, years=16))
    found = [month.from_number(at) for at in backtest.origins(table, LAST)]
    # people came up to four years before 2000-01: nearly all of them are known from 1999-12 on
    assert (found[0], found[-1]) == (200412, 201412)
    # of those who sat at the end all is known, of those before nothing: the years before are no origin
    known = table["person"].isin(table.loc[table["end"] > month.number(201206), "person"])
    assert backtest.origins(table[known], LAST) == []
