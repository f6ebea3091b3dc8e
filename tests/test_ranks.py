"""Places are as sure as is said: against simulations whose truth is known, and against the sample's true levels."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import sample
from data.sample import layout, teams
from data.store import Store
from models import ranks
from models.__main__ import main
from queries import warehouse
from queries.warehouse import Warehouse

RULES = ranks.Rules(reliability=0.8, false_discovery=0.1)
UNITS = 40
YEARS = range(2019, 2026)


def panel(rng: np.random.Generator, reliability: float, changed: dict[int, float] | None = None) -> pd.DataFrame:
    """Scores of a group whose true levels have a standard deviation of 1; some change truly in the last year."""
    level = np.repeat(rng.normal(size=UNITS)[:, None], len(YEARS), axis=1)
    for unit, change in (changed or {}).items():
        level[unit, -1] += change
    noise = np.sqrt(1 / reliability - 1)
    score = level + rng.normal(0, 0.5, len(YEARS)) + rng.normal(0, noise, level.shape)
    row, column = np.divmod(np.arange(score.size), len(YEARS))
    units = [f"u{each:02d}" for each in row]
    columns = {"unit": units, "year": YEARS[0] + column, "score": score.ravel(), "level": level.ravel()}
    return pd.DataFrame(columns)


def true_places(levels: pd.Series) -> np.ndarray:
    return np.asarray([int((levels > level).sum()) + 1 for level in levels])


def covered(table: pd.DataFrame, levels: pd.Series) -> np.ndarray:
    """Whether the interval of each unit holds its true place."""
    true = pd.Series(true_places(levels), index=levels.index).loc[table["unit"]].to_numpy()
    return ((table["low"] <= true) & (true <= table["high"])).to_numpy()


@pytest.mark.parametrize("reliability", [0.9, 0.75])
def test_nine_intervals_in_ten_hold_the_true_place(reliability: float) -> None:
    rng, held = np.random.default_rng(1), []
    for _ in range(120):
        made = panel(rng, reliability)
        levels = made[made["year"] == YEARS[-1]].set_index("unit")["level"]
        held.append(covered(ranks.judged(made, YEARS[-1], RULES), levels).mean())
    assert 0.88 <= np.mean(held) <= 0.95


def test_a_year_without_true_change_raises_a_flag_in_at_most_an_eighth_of_years() -> None:
    rng = np.random.default_rng(2)
    alarms = 0
    for _ in range(300):
        verdicts = ranks.judged(panel(rng, 0.92), YEARS[-1], RULES)["verdict"]
        assert set(verdicts) <= {ranks.HIGHER, ranks.LOWER, ranks.NO_CLEAR_CHANGE}
        alarms += bool((verdicts != ranks.NO_CLEAR_CHANGE).any())
    assert alarms / 300 <= 0.12


def test_a_true_move_of_one_and_a_half_standard_deviations_is_mostly_seen_and_in_its_direction() -> None:
    rng, seen = np.random.default_rng(3), 0
    for _ in range(100):
        verdicts = ranks.judged(panel(rng, 0.92, {0: 1.5, 1: -1.5}), YEARS[-1], RULES).set_index("unit")["verdict"]
        assert verdicts["u00"] != ranks.LOWER
        assert verdicts["u01"] != ranks.HIGHER
        seen += (verdicts["u00"] == ranks.HIGHER) + (verdicts["u01"] == ranks.LOWER)
    assert seen / 200 >= 0.65


def test_below_the_reliability_of_the_rule_every_move_is_too_noisy_to_tell() -> None:
    table = ranks.judged(panel(np.random.default_rng(4), 0.5, {0: 9.0}), YEARS[-1], RULES)
    assert table["reliability"].iloc[0] < RULES.reliability
    assert set(table["verdict"]) == {ranks.TOO_NOISY}


def test_noise_is_found_again_also_where_one_unit_in_ten_truly_changes() -> None:
    rng = np.random.default_rng(5)
    found = [ranks.residual_noise(panel(rng, 0.8, dict.fromkeys(range(4), 3.0))) for _ in range(60)]
    assert np.mean([each.sd for each in found if each]) == pytest.approx(np.sqrt(1 / 0.8 - 1), rel=0.05)


def test_two_years_say_nothing_of_noise() -> None:
    made = panel(np.random.default_rng(6), 0.9)
    made = made[made["year"] >= YEARS[-2]]
    assert ranks.residual_noise(made) is None
    table = ranks.judged(made, YEARS[-1], RULES)
    assert table["low"].isna().all()
    assert set(table["verdict"]) == {ranks.TOO_NOISY}


def test_the_jackknife_finds_the_noise_that_indicators_have() -> None:
    rng = np.random.default_rng(7)
    unit, indicator = np.divmod(np.arange(200 * 6), 6)
    difficulty, level = rng.normal(0, 5, 6), rng.normal(0, 3, 200)
    score = 80 + level[unit] + difficulty[indicator] + rng.normal(0, 2, len(unit))
    made = pd.DataFrame({"unit": unit, "year": 2025, "part": indicator, "score": score, "weight": 1.0})
    found = ranks.indicator_noise(made)
    assert found is not None
    assert found.sd == pytest.approx(2 / np.sqrt(6), rel=0.1)
    assert ranks.indicator_noise(made[made["part"] == 0]) is None, "one part has nothing to disagree with"
    assert ranks.indicator_noise(made[made["unit"] == 0]) is None, "one unit does not tell what is hard for everybody"


def test_indicators_share_the_weight_of_the_results_beside_the_other_sources() -> None:
    weights = {"democratic": 20, "leader": 20, "panel": 10, "results": 50}
    given = pd.DataFrame(
        [("u", 2025, 90, 80, 70, "work", 85, 3), ("u", 2025, 90, 80, 70, "party", 95, 1)],
        columns=["unit", "year", "democratic", "leader", "panel", "indicator", "score", "weight"],
    )
    made = ranks.parts(given, weights).set_index("part")
    assert made["weight"].to_dict() == {
        "results: work": 37.5, "results: party": 12.5, "democratic": 20, "leader": 20, "panel": 10,
    }  # fmt: skip
    assert (made["score"] * made["weight"]).sum() / 100 == 90 * 0.2 + 80 * 0.2 + 70 * 0.1 + (85 * 3 + 95) / 4 / 2


def test_a_single_year_of_the_example_city_is_judged_by_its_indicators_and_its_true_levels_lie_in_the_intervals() -> (
    None
):
    made = teams.made(layout(10_000), np.random.default_rng([1, 1, teams.DRAWS]), tuple(range(2016, 2026)))
    weights = dict(zip(teams.SOURCES, teams.percents("team"), strict=True))
    held: list[bool] = []
    ratios = []
    for year in range(len(made.years)):
        for group in range(len(made.groups)):
            entry = np.flatnonzero(made.held[:, year] & (made.group[:, year] == group))
            if len(entry) < 5:
                continue
            noise = ranks.indicator_noise(ranks.parts(rows_of(made, entry, year), weights))
            assert noise is not None
            true = made.true[entry, year]
            off = made.total[entry, year] - true
            ratios.append((noise.sd**2, off.var(ddof=1)))
            scores = pd.DataFrame({"unit": entry, "year": year, "score": made.total[entry, year]})
            table = ranks.judged(scores, year, RULES, spare=lambda noise=noise: noise)  # type: ignore[misc]
            assert set(table["noise_by"]) == {ranks.BY_INDICATORS}
            held.extend(covered(table, pd.Series(true, index=entry)))
    by_parts, truly = np.mean(ratios, axis=0)
    assert by_parts == pytest.approx(truly, rel=0.15)
    assert len(held) > 2000
    assert 0.88 <= np.mean(held) <= 0.95


def rows_of(made: teams.Teams, entry: np.ndarray, year: int) -> pd.DataFrame:
    """The indicators of some teams in a year, beside their other sources, a row an indicator."""
    beside = pd.DataFrame({name: made.sources[place, entry, year] for place, name in enumerate(teams.SOURCES)})
    beside = beside.assign(unit=entry, year=year)
    return pd.concat(
        [
            beside.assign(indicator=name, weight=weight, score=made.indicators[place, entry, year])
            for place, (name, weight) in enumerate(teams.INDICATORS.items())
        ]
    )


def test_noise_of_years_is_preferred_to_that_of_the_parts_of_one() -> None:
    made, parts = panel(np.random.default_rng(6), 0.9), ranks.Noise(0.3, 100.0)
    known = ranks.judged(made, YEARS[-1], RULES, spare=lambda: parts)
    assert set(known["noise_by"]) == {ranks.BY_YEARS}
    two = ranks.judged(made[made["year"] >= YEARS[-2]], YEARS[-1], RULES, spare=lambda: parts)
    assert set(two["noise_by"]) == {ranks.BY_INDICATORS}
    assert set(two["noise"]) == {0.3}
    assert set(two["verdict"]) != {ranks.TOO_NOISY}


def test_near_weights_say_nothing_where_a_source_of_the_group_is_missing() -> None:
    group = pd.DataFrame({"a": [90.0, 80.0, 70.0], "b": [90.0, 80.0, 70.0]}, index=["x", "y", "z"])
    assert ranks.near_weights(group, {"a": 60, "b": 40}).to_numpy().tolist() == [[1, 1], [2, 2], [3, 3]]
    assert ranks.near_weights(group.assign(b=[90.0, np.nan, 70.0]), {"a": 60, "b": 40}).isna().all(axis=None)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_places_are_counted_from_those_above(scores: list[int]) -> None:
    assert list(ranks.places(scores)) == [1 + sum(other > score for other in scores) for score in scores]


@given(st.lists(st.permutations(range(1, 6)), min_size=1, max_size=12), st.sampled_from((0.5, 0.9, 1.0)))
def test_the_shortest_run_that_holds_enough_draws_is_found_and_of_several_the_fullest(
    drawn: list[list[int]], level: float
) -> None:
    found = ranks.shortest_runs(np.array(drawn), level)
    for unit, (low, high) in enumerate(found.to_numpy().tolist()):
        held = {
            (first, last): sum(first <= places[unit] <= last for places in drawn)
            for first in range(1, 6)
            for last in range(first, 6)
        }
        enough = [run for run, draws in held.items() if draws >= level * len(drawn) - 1e-9]
        assert (low, high) == min(enough, key=lambda run: (run[1] - run[0], -held[run], run[0]))


def test_a_unit_without_a_year_before_is_not_compared_and_a_renamed_one_is() -> None:
    rows = pd.DataFrame(
        [("old", 2024, None), ("new", 2025, "old"), ("merged", 2024, None), ("merged", 2025, None)],
        columns=["unit", "year", "before"],
    )
    assert list(ranks.lines(rows)) == ["old@2024", "old@2024", "merged@2024", "merged@2025"]
    made = panel(np.random.default_rng(8), 0.92)
    made = made[(made["unit"] != "u00") | (made["year"] == YEARS[-1])]
    assert list(ranks.judged(made, YEARS[-1], RULES).query("unit == 'u00'")["verdict"]) == [ranks.NOT_COMPARED]


def test_scores_above_the_mean_are_expected_to_fall_back_by_what_is_noise() -> None:
    scores = np.array([90.0, 80.0, 70.0])
    assert ranks.fall_back(scores, sd=5.0) == pytest.approx([-2.5, 0.0, 2.5])


def test_places_under_near_weights_hold_the_nominal_place_and_narrow_where_sources_agree() -> None:
    rng = np.random.default_rng(9)
    level = rng.normal(80, 3, 20)
    weights = {"democratic": 20, "leader": 20, "panel": 10, "results": 50}
    agreeing = pd.DataFrame(dict.fromkeys(weights, level))
    exact = ranks.weight_range(agreeing, weights)
    assert list(exact["low"]) == list(exact["high"]) == list(ranks.places(level))
    at_odds = pd.DataFrame({name: level + rng.normal(0, 3, 20) for name in weights})
    wide = ranks.weight_range(at_odds, weights)
    nominal = ranks.places(at_odds.to_numpy() @ np.array([0.2, 0.2, 0.1, 0.5]))
    assert ((wide["low"] <= nominal) & (nominal <= wide["high"])).mean() >= 0.9
    assert (wide["high"] - wide["low"]).mean() > 1


@pytest.fixture(scope="module")
def example() -> pd.DataFrame:
    """The totals and true levels of the example city's teams, a row an entry and year."""
    made = teams.made(layout(10_000), np.random.default_rng([1, 1, teams.DRAWS]), tuple(range(2016, 2026)))
    entry, year = np.nonzero(made.held)
    columns = {"unit": entry, "year": np.array(made.years)[year], "group": made.group[entry, year]}
    return pd.DataFrame({**columns, "score": made.total[entry, year], "level": made.true[entry, year]})


def test_the_true_levels_of_the_example_city_lie_in_the_intervals(example: pd.DataFrame) -> None:
    held: list[bool] = []
    for year in range(2019, 2026):
        for _, group in example[example["year"] <= year].groupby("group"):
            levels = group[group["year"] == year].set_index("unit")["level"]
            if len(levels) > 1:
                held.extend(covered(ranks.judged(group, year, RULES), levels))
    assert len(held) > 2000
    assert 0.88 <= np.mean(held) <= 0.95


def test_the_true_levels_can_be_had_again_by_the_seed(example: pd.DataFrame) -> None:
    levels = teams.true_levels(people=10_000, seed=1, years=tuple(range(2016, 2026)))
    assert levels["level"].to_pylist() == list(example["level"])


def test_a_roughly_assessed_group_is_called_too_noisy_and_true_changes_of_others_are_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample.generate(Store(tmp_path), people=10_000)
    assert main(["ranks", "--store", str(tmp_path), "--year", "2025", "--group", "事业单位"]) == 0
    written = capsys.readouterr().out
    assert " by years, reliability" in written
    assert "near_weights" in written
    assert ranks.TOO_NOISY in written
    assert main(["ranks", "--store", str(tmp_path), "--year", "2017", "--group", "社会管理和执法部门"]) == 0
    assert " by indicators, reliability" in capsys.readouterr().out
    assert main(["ranks", "--store", str(tmp_path), "--group", "社会管理和执法部门"]) == 0
    assert ranks.HIGHER in capsys.readouterr().out


def test_a_group_that_is_none_is_answered_with_those_there_are(
    small_city: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ranks", "--store", str(small_city.root)]) == 2
    assert "党群和人大政协机关" in capsys.readouterr().err


def test_the_model_compares_the_units_that_the_question_compares(city: Warehouse) -> None:
    rows = city.ask("assessment/years", year=2025).table
    asked = (
        rows["before_id"].fillna(rows["unit_id"]).where(~rows["reason"].isin(["merged", "new", "gap", "first_year"]))
    )
    with duckdb.connect(city.path, read_only=True, config=warehouse.READ_ONLY) as connection:
        lineage = connection.execute(
            "select a.unit_id as predecessor, b.unit_id as successor, how from whole.unit_lineage"
            " inner join whole.unit as a on a.unit_no = predecessor_no"
            " inner join whole.unit as b on b.unit_no = successor_no"
        ).df()
    modelled = ranks.compared(rows.rename(columns={"unit_id": "unit"}), lineage)
    assert [each or None for each in modelled] == [None if pd.isna(each) else each for each in asked]
    assert {"renamed", "merged"} == set(lineage["how"])
