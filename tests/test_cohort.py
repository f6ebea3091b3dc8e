"""Simulated careers: nobody is lost, parts sum, more leaving leaves fewer, nothing after the origin is read."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import month
from models import cycles, entry, hazards, panel
from models.cohort import CohortModel
from models.hazards import Hazards
from models.panel import Terms
from models.scenario import Scenario
from tests import invented

ORIGIN = month.number(201001)


def rows_of(table: pd.DataFrame) -> pd.DataFrame:
    """Postings ready to be counted, of one group."""
    return panel.postings(table, table["cell"], pd.Series("all", table.index))


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """A roster of 120 seats in three cells."""
    return rows_of(invented.roster(1, seats=120, cells=3))


@pytest.fixture(scope="module")
def model(rows: pd.DataFrame) -> CohortModel:
    """What ten years of it teach."""
    return CohortModel().fit(rows, ORIGIN)


def test_a_row_dated_after_the_origin_changes_nothing(rows: pd.DataFrame, model: CohortModel) -> None:
    planted = rows.assign(end=rows["end"].where(rows["end"] <= ORIGIN, ORIGIN + 1))
    later = rows.head(50).assign(start=ORIGIN + 3, since=ORIGIN + 3, end=panel.OPEN, birth=ORIGIN - 300)
    other = CohortModel().fit(pd.concat([planted, later], ignore_index=True), ORIGIN)
    assert np.array_equal(other.hazards_.coef_, model.hazards_.coef_)
    for one, two in zip(model.simulate(36, paths=20), other.simulate(36, paths=20), strict=True):
        assert np.array_equal(one.birth, two.birth)
        assert np.array_equal(one.filled, two.filled)


def test_an_earlier_row_does_change_it(rows: pd.DataFrame, model: CohortModel) -> None:
    """The test above can fail."""
    planted = rows.assign(end=np.where((rows["end"] > ORIGIN) & (rows.index % 2 == 0), ORIGIN - 1, rows["end"]))
    assert not np.array_equal(CohortModel().fit(planted, ORIGIN).hazards_.coef_, model.hazards_.coef_)


def mixed(came: pd.DataFrame, kind: tuple[str, str, str]) -> list[int]:
    """The ages of stand-ins, by the chance of each appointee: of the cell, the group, the level."""
    weight, chance, left = came["weight"].to_numpy(), np.zeros(len(came)), 1.0
    widest = (came["level"] == kind[2]).to_numpy()
    widest = widest if widest.any() else np.ones(len(came), bool)
    for near in ((came["cell"] == kind[0]).to_numpy(), (came["group"] == kind[1]).to_numpy()):
        share = left * near.sum() / (near.sum() + entry.POOLED)
        chance += share * np.where(near, weight, 0) / max(weight[near].sum(), 1)
        left -= share
    chance += left * np.where(widest, weight, 0) / weight[widest].sum()
    ranks = (np.arange(entry.STAND_INS) + 0.5) / entry.STAND_INS
    ages: list[int] = came["age"].to_numpy()[np.searchsorted(np.cumsum(chance), ranks)].tolist()
    return ages


def test_stand_ins_are_drawn_by_the_chance_of_each_appointee() -> None:
    table = invented.roster(3, seats=90, cells=6)
    cell = table["cell"]
    group = cell.map({f"cell {number}": "one" if number < 4 else "two" for number in range(6)})
    level = cell.map({f"cell {number}": "high" if number % 2 else "low" for number in range(6)})
    fitted = entry.Entry().fit(panel.postings(table.assign(level=level), cell, group), ORIGIN)
    kinds = [(f"cell {number}", "one", "low") for number in range(6)]
    kinds += [
        ("cell 5", "two", "high"),
        ("cell 9", "two", "high"),
        ("cell 9", "nine", "low"),
        ("cell 9", "nine", "none"),
    ]
    found = fitted.appointees(pd.DataFrame(kinds, columns=entry.KIND))
    assert found.age.tolist() == [mixed(fitted.appointees_, kind) for kind in kinds]
    assert len({tuple(ages) for ages in found.age.tolist()}) == len(kinds)


def test_seats_that_are_followed_up_are_conserved(model: CohortModel) -> None:
    for paths in model.simulate(60, paths=50):
        followed = model.entry_.filled_
        assert abs(paths.filled.sum(axis=1).mean() / len(model.there_) - 1) < 5 * abs(1 - followed) + 0.01
        assert paths.filled.shape[1] >= len(model.there_)


def test_of_nobody_nobody_stays(model: CohortModel) -> None:
    assert model.stays(36, model.there_.head(0), Scenario(), 10).shape == (10, 0)


def test_who_is_there_and_who_has_gone_are_all_there_were(model: CohortModel) -> None:
    for paths in model.simulate(60, paths=50, refilled=False):
        assert np.array_equal(paths.filled.sum(axis=1) + paths.gone, np.full(50, len(model.there_)))


def test_cells_sum_to_the_whole_on_every_path(model: CohortModel) -> None:
    last = model.simulate(36, paths=30)[-1]
    young = last.under(45)
    by_cell = [young[:, (last.seats["cell"] == cell).to_numpy()].sum(axis=1) for cell in last.seats["cell"].unique()]
    assert np.array_equal(np.sum(by_cell, axis=0), young.sum(axis=1))


def test_equal_seeds_give_equal_paths_and_others_do_not(rows: pd.DataFrame, model: CohortModel) -> None:
    one, two = model.simulate(24, paths=10)[-1], model.simulate(24, paths=10)[-1]
    assert np.array_equal(one.birth, two.birth)
    other = CohortModel(seed=1).fit(rows, ORIGIN).simulate(24, paths=10)[-1]
    assert not np.array_equal(one.birth, other.birth)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.floats(0.5, 1.9), st.floats(1.01, 1.5))
def test_more_leaving_leaves_fewer_of_todays_people(model: CohortModel, exits: float, more: float) -> None:
    few = model.simulate(36, paths=40, refilled=False, levers=Scenario(exits=exits))[-1].filled
    fewer = model.simulate(36, paths=40, refilled=False, levers=Scenario(exits=exits * more))[-1].filled
    assert not np.any(fewer & ~few)
    stay = model.stays(36, model.there_, Scenario(exits=exits), 10)
    less = model.stays(36, model.there_, Scenario(exits=exits * more), 10)
    assert np.all(less <= stay + 1e-12)


def test_older_appointees_are_never_younger(model: CohortModel) -> None:
    younger = model.simulate(48, paths=40)[-1].under(45).sum(axis=1)
    older = model.simulate(48, paths=40, levers=Scenario(entry_age=2.0))[-1].under(45).sum(axis=1)
    assert older.mean() < younger.mean()


def test_chances_to_stay_are_what_the_paths_show(model: CohortModel) -> None:
    told = pd.Series(model.stays(36, model.there_, Scenario(), 400).mean(axis=0), model.there_["person"])
    last = model.simulate(36, paths=4000, refilled=False)[-1]
    seen = pd.Series(last.filled.mean(axis=0), last.seats["person"]).reindex(told.index)
    assert abs(told.mean() - seen.mean()) < 0.01
    assert (told - seen).abs().max() < 0.06


def test_of_nobody_nobody_is_told(model: CohortModel) -> None:
    nobody = model.there_.iloc[:0]
    assert model.stays(24, nobody, Scenario(), 5).shape == (5, 0)
    assert set(model.ways(24, nobody, Scenario(), 5).values()) == {0.0}
    assert [paths.filled.shape for paths in model.simulate(24, there=nobody, paths=5)] == [(5, 0), (5, 0)]


def test_everyone_due_by_law_has_gone(rows: pd.DataFrame) -> None:
    lawful = rows.assign(limit=rows["birth"] + 50 * 12)
    lawful = lawful.assign(end=np.minimum(lawful["end"], np.maximum(lawful["limit"], lawful["start"] + 1)))
    model = CohortModel().fit(lawful, ORIGIN)
    assert model.binding_
    last = model.simulate(36, paths=20, refilled=False)[-1]
    due = (last.seats["limit"] <= ORIGIN + 36).to_numpy()
    assert due.any()
    assert not last.filled[:, due].any()


@pytest.fixture(scope="module")
def movers() -> CohortModel:
    """What a roster teaches whose people only ever move to posts that nobody counts, or go at 50 by law."""
    held = invented.roster(7, seats=400, leave=0.1)
    limit = held["birth_month"] + 5000
    by_law = limit <= held["end_month"]
    held = held.assign(
        statutory_month=limit, early_month=limit - 300, end_month=held["end_month"].where(~by_law, limit)
    )
    held = held[held["end_month"] > held["start_month"]]
    moved = held[(held["end_month"] < 999912) & (held["end_month"] < held["statutory_month"])]
    moved = moved.assign(cell="", start_month=moved["end_month"], end_month=999912)
    model = CohortModel().fit(rows_of(pd.concat([held, moved])), ORIGIN)
    assert (model.binding_, model.hazards_.events_) == (True, ("stay", "move"))
    return model


def test_who_goes_by_law_leaves_and_who_goes_by_rate_goes_as_others_did(movers: CohortModel) -> None:
    there = movers.there_
    due = (there["limit"] <= ORIGIN + 12).to_numpy()
    stays = movers.stays(12, there, Scenario(), 200)
    assert due.sum() > 5
    told = movers.ways(12, there, Scenario(), 200)
    assert told == pytest.approx({"leave": due.sum(), "move": (1 - stays[:, ~due]).mean(axis=0).sum()})


def test_who_may_retire_early_leaves_by_the_yearly_share(movers: CohortModel) -> None:
    # the hazard of the share is -ln(1 - share); of two hazards each takes its part of those who go
    there = movers.there_[movers.there_["limit"] > ORIGIN + 12]
    may, not_yet = there[there["early"] <= ORIGIN], there[there["early"] > ORIGIN + 12]
    rate, early = -np.log(movers.stays(12, may, Scenario(), 200)), -np.log(0.7)
    leave, move = -np.expm1(-(rate + early)) * np.stack([0 * rate + early, rate]) / (rate + early)
    assert len(may) > 5
    assert movers.ways(12, may, Scenario(early=0.3), 200) == pytest.approx(
        {"leave": leave.mean(axis=0).sum(), "move": move.mean(axis=0).sum()}
    )
    assert movers.ways(12, not_yet, Scenario(early=0.3), 200) == movers.ways(12, not_yet, Scenario(), 200)


def test_a_limit_that_many_outstay_binds_nobody(rows: pd.DataFrame) -> None:
    assert not CohortModel().fit(rows.assign(limit=rows["birth"] + 40 * 12), ORIGIN).binding_


def test_a_known_rate_is_learnt() -> None:
    model = CohortModel(window=10).fit(rows_of(invented.roster(3, seats=1500, leave=0.2)), ORIGIN)
    stays = model.stays(12, model.there_, Scenario(), 200).mean()
    # a seat is left within a year with 0.2; who follows is another person
    assert stays == pytest.approx(0.8, abs=0.01)
    assert model.entry_.filled_ == pytest.approx(1, abs=0.01)
    assert model.entry_.appointees_["age"].mean() / 12 == pytest.approx(42, abs=0.2)


def test_cells_of_equal_people_teach_what_single_rows_do(rows: pd.DataFrame) -> None:
    periods = panel.periods(rows, ORIGIN, {}, window=6)
    counted = hazards.cells(periods)
    single = counted.loc[counted.index.repeat(counted["people"].astype(int))].assign(people=1)
    assert len(single) > 2 * len(counted)
    assert np.abs(Hazards().fit(counted).coef_ - Hazards().fit(single).coef_).max() < 1e-9


def test_probabilities_sum_to_one(model: CohortModel, rows: pd.DataFrame) -> None:
    periods = panel.periods(rows, ORIGIN, {}, window=6)
    assert model.hazards_.predict_proba(periods).sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("start", "phase"),
    [
        (201001, 5),  # before any change that is known
        (202009, 5),  # ends a month before the change
        (202010, 0),  # ends with it
        (202109, 0),  # begins a month before it
        (202110, 1),
        (202208, 1),
        (202509, 4),
        (202510, 5),
        (202512, 0),  # ends with the next one
        (202612, 1),
    ],
)
def test_years_count_from_the_last_renewal(start: int, phase: int) -> None:
    changes = Terms(tuple(month.number(at) for at in (202110, 202612)))
    assert changes.phase(month.number(start)) == phase


def test_changes_that_repeat_are_known_before_and_after() -> None:
    changes = Terms((month.number(202110),), 60)
    assert [changes.phase(month.number(at)) for at in (201610, 201510, 203110, 203010)] == [1, 0, 1, 0]


def test_a_cycle_is_found_where_there_is_one_and_none_where_there_is_none() -> None:
    steady = rows_of(invented.roster(5, seats=300))
    assert CohortModel().fit(steady, ORIGIN).terms_["all"] == Terms()
    elected = steady.assign(end=_to_the_next(steady["end"], 24), start=_to_the_next(steady["start"], 24))
    elected = elected[elected["end"] > elected["start"]].assign(since=elected["start"])
    found = CohortModel().fit(elected, ORIGIN).terms_["all"]
    assert found.months == 24
    assert found.phase(invented.FIRST + 24 * 4 - 6) == 0


def _to_the_next(months: "pd.Series[int]", cycle: int) -> "pd.Series[int]":
    """Months put off to the next one in which everything happens."""
    return invented.FIRST + -(-(months - invented.FIRST) // cycle) * cycle


def exits_of(months: list[int]) -> pd.DataFrame:
    """People who leave in these months of the year from the origin on, in the middle of which terms change."""
    return pd.DataFrame(
        {"group": "all", "begin": ORIGIN, "end": [ORIGIN + at for at in months], "event": panel.LEAVE, "weight": 1.0}
    )


def test_even_exits_are_no_wave() -> None:
    terms = {"all": Terms((ORIGIN + 6,))}
    assert cycles.wave(exits_of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] * 100), terms) == pytest.approx([0, 0, 0])


def test_a_wave_is_what_is_more_than_even() -> None:
    # 900 exits fall into the month of the change, 30 into each of the eleven others; ten more are taken to be even
    told = cycles.wave(
        exits_of([6] * 900 + [month for month in range(1, 13) if month != 6 for _ in range(30)]),
        {"all": Terms((ORIGIN + 6,))},
    )
    assert told[0] == pytest.approx(0.75, abs=0.05)
    assert told[1:] == pytest.approx([0, 0], abs=0.01)


def test_parts_of_a_renewal_year_sum_to_it_and_what_has_passed_is_not_to_come() -> None:
    renewed = CohortModel()
    renewed.terms_, renewed.wave_, renewed.at_ = {"all": Terms((ORIGIN + 2,))}, np.array([0.3, 0.2, 0.1]), ORIGIN
    # the change is two months away: its own month and the one before are to come, the one before these has passed
    assert renewed.part("all", ORIGIN, 2) == pytest.approx(0.4 * 2 / 12 + 0.5)
    assert renewed.part("all", ORIGIN, 1) == pytest.approx(0.4 / 12 + 0.2)
    assert renewed.part("all", ORIGIN, 12) == pytest.approx(0.4 + 0.5)
    assert renewed.part("all", ORIGIN + 3, 12) == 1


def test_a_year_of_the_term_that_was_never_seen_is_taken_for_the_nearest(rows: pd.DataFrame) -> None:
    # terms of 62 months: the year before the next change is the sixth of its term, and no sixth one was seen
    periods = panel.periods(rows, ORIGIN, {}, window=5)
    seen = periods.assign(phase=((ORIGIN - periods["begin"]) // 12) % 5)
    learnt = Hazards().fit(hazards.cells(seen))
    fifth, sixth = (learnt.predict_proba(seen.assign(phase=phase)) for phase in (4, 5))
    assert np.array_equal(fifth, sixth)
    random = np.random.default_rng(1)
    drawn = learnt.stays(seen.assign(phase=5), learnt.draws(50, random))
    assert drawn.std(axis=0).max() < 0.2


def test_another_mix_of_posts_is_no_drift() -> None:
    # heads come in at fifty, deputies at forty, year by year; ever more of them are heads
    shares = [
        (back, group, age)
        for back in range(6)
        for group, age, number in (("heads", 600, 60 - 10 * back), ("deputies", 480, 60))
        for _ in range(number)
    ]
    random = np.random.default_rng(2)
    came = pd.DataFrame(shares, columns=["back", "group", "age"]).assign(level="")
    came["age"] += random.integers(-24, 25, len(came))
    drift, walk = entry.drift(came, 2.0)
    assert abs(drift) < 0.05
    assert walk < 0.4
