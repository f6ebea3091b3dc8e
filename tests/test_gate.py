"""Who sees open figures only learns of nobody: not by asking everything, nor again and again, quarter after quarter."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from pyarrow import parquet
from scipy import sparse
from scipy.optimize import linprog

import queries
from data import contract, policy
from data.access import LOCAL, Viewer
from data.batches import batch
from data.store import Store
from queries import building, gate, warehouse
from tests.test_warehouse import PERIOD, PERIOD_OF

BASE, MIN_GROUP = 5, 10
UNSURE = 4
"""How many numbers a cell must be able to be, whatever is known of it."""
GUEST = Viewer("guest")
SECRET = bytes(range(32))
DIMENSIONS = {
    "people": ("body", "level", "sex", "band_id"),
    "overdue": ("body", "level"),
    "grade": ("about", "level"),
    "welfare": ("about", "mark", "sex"),
}
KEY = ["topic", "period", "about", "mark", "body", "level", "sex", "band_id"]
FILTER = {"body": "body", "level": "level", "sex": "sex", "band_id": "band"}
COLUMN = {name: column for column, name in FILTER.items()}
BANDS = ["unknown", "to_30", "31_35", "36_40", "41_45", "46_50", "51_55", "from_56"]
QUARTER = 202512
Numbers = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class City:
    """A build whose secret is known to the test, with what its open figures were rounded from."""

    path: Path
    cells: pd.DataFrame

    @property
    def ahead(self) -> list[int]:
        """The last quarter whose people are counted, and the term changes to come, YYYYMM."""
        periods = warehouse.open_for(self.path, GUEST).ask("open/period", since=QUARTER, until=QUARTER + 1000).table
        return sorted(periods.loc[periods["at_month"] == periods["at_month"].max(), "period"].unique())

    def of(self, topic: str, period: int) -> pd.DataFrame:
        """The finest cells of a topic in a month, those of nobody too: exactly (people) and as published (rounded)."""
        named = self.cells[self.cells["topic"] == topic]
        codes = [sorted(named[name].unique()) for name in DIMENSIONS[topic]]
        every = pd.DataFrame(list(itertools.product(*codes)), columns=list(DIMENSIONS[topic]))
        held = named[named["period"] == period]
        joined = every.merge(held[[*DIMENSIONS[topic], "people", "rounded"]], how="left", on=list(DIMENSIONS[topic]))
        return joined.fillna({"people": 0, "rounded": 0})


def made(store: Store, path: Path, secret: bytes = SECRET) -> City:
    """Build a store with a secret of the test's own, and keep what a build throws away."""
    with duckdb.connect(path) as connection:
        building.fill(connection, path.stem, store.manifest(), policy.all_tables(policy.FOLDER), secret)
        exact = connection.execute("select * from exact_cell").df()
        rounded = connection.execute("select * from whole.open_cell").df().rename(columns={"people": "rounded"})
    return City(path, exact.merge(rounded, how="left", on=KEY, validate="1:1").fillna({"rounded": 0}))


@pytest.fixture(scope="module")
def attacked(small_city: Store, tmp_path_factory: pytest.TempPathFactory) -> City:
    """The small city of 800 people, whose open figures are attacked."""
    return made(small_city, tmp_path_factory.mktemp("attacked") / "attacked.duckdb")


# --- the attacker ---------------------------------------------------------------------------------------------------


class Attacker:
    """Somebody who knows bounds of unknown numbers and of their sums, and works out what each number can be."""

    def __init__(self, low: Numbers, high: Numbers) -> None:
        """Begin with what each number lies between."""
        self.bounds = np.column_stack([low, high])
        self._rows: list[tuple[Numbers, float, float]] = []

    def learn(self, weights: Numbers, low: float, high: float) -> None:
        """Learn between what a weighted sum of all the numbers lies."""
        self._rows.append((weights, low, high))

    def range_of(self, members: npt.NDArray[np.bool_]) -> tuple[int, int]:
        """The least and the most that some of the numbers can be together, by linear programming."""
        ends = []
        for sign in (1, -1):
            found = linprog(sign * members.astype(float), *self._sums, bounds=self.bounds, method="highs-ds")
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return int(np.ceil(ends[0] - 1e-6)), int(np.floor(ends[1] + 1e-6))

    @cached_property
    def _sums(self) -> tuple[sparse.csr_matrix | None, Numbers | None]:
        if not self._rows:
            return None, None
        weights = sparse.csr_matrix(np.array([row for row, _, _ in self._rows]))
        low, high = (np.array([row[place] for row in self._rows]) for place in (1, 2))
        return sparse.vstack([weights, -weights]).tocsr(), np.concatenate([high, -low])

    def narrowed(self, many: Sequence[npt.NDArray[np.bool_]], sure: int) -> list[int]:
        """Which of many sums can be no more than `sure` different numbers."""
        ranges = [self.range_of(members) for members in many]
        return [place for place, (low, high) in enumerate(ranges) if high - low < sure]


def single(cells: pd.DataFrame) -> list[npt.NDArray[np.bool_]]:
    """Each cell by itself."""
    return list(np.eye(len(cells), dtype=bool))


def sums(cells: pd.DataFrame, dimensions: Sequence[str], most: int) -> list[npt.NDArray[np.bool_]]:
    """Every sum that can be asked for: of the cells alike in up to so many dimensions."""
    found = []
    for told in itertools.chain.from_iterable(itertools.combinations(dimensions, n) for n in range(most + 1)):
        group = cells.groupby(list(told)).ngroup().to_numpy() if told else np.zeros(len(cells), int)
        found += [group == number for number in range(group.max() + 1)]
    return found


def nearest_five(number: int) -> tuple[int, int]:
    """What is known of a number that is published to the nearest five."""
    told = 5 * ((number + 2) // 5)
    return max(0, told - 2), told + 2


def hidden_below_five(number: int) -> tuple[int, int]:
    """What is known of a number that is published unless it is 1 to 4."""
    return (1, 4) if 1 <= number < 5 else (number, number)


def who_asks_everything(cells: pd.DataFrame, published: Callable[[int], tuple[int, int]]) -> Attacker:
    """An attacker on one topic who was told every sum of up to a group and two filters by another rule than ours."""
    people = cells["people"].to_numpy()
    attacker = Attacker(np.zeros(len(cells)), np.full(len(cells), float(people.sum())))
    for members in sums(cells, DIMENSIONS["people"], 3):
        attacker.learn(members.astype(float), *published(int(people[members].sum())))
    return attacker


def who_knows_the_cells(cells: pd.DataFrame) -> Attacker:
    """An attacker who has the open figures down to the finest cell, of which every answer is a sum."""
    rounded = cells["rounded"].to_numpy()
    return Attacker(np.maximum(0, rounded - BASE + 1), rounded + BASE - 1)


def member_of(cells: pd.DataFrame, **codes: object) -> npt.NDArray[np.bool_]:
    """Which cells have these codes."""
    return np.logical_and.reduce([(cells[name] == code).to_numpy() for name, code in codes.items()])


def who_knows_every_topic(attacked: City) -> tuple[Attacker, pd.DataFrame]:
    """An attacker who joins the topics: part of a group is no more than it, and as many where the rules say everyone.

    Of grades the attacker even knows how many of each level had none.
    """
    cells = pd.concat([attacked.of(topic, QUARTER).assign(topic=topic) for topic in DIMENSIONS], ignore_index=True)
    attacker, people = who_knows_the_cells(cells), cells["people"].to_numpy()
    parts = [
        ("overdue", ["body", "level"], ["body", "level"]),
        ("grade", ["level"], ["level"]),
        ("welfare", ["sex"], ["about", "sex"]),
    ]
    for topic, shared, told in parts:
        for codes in cells[cells["topic"] == topic][told].drop_duplicates().to_dict("records"):
            group = member_of(cells, topic="people", **{name: codes[name] for name in shared})
            part = member_of(cells, topic=topic, **{str(name): code for name, code in codes.items()})
            others = float(people[group].sum() - people[part].sum())
            known = others == 0 or topic == "grade"
            attacker.learn(group.astype(float) - part, others if known else 0, others if known else 1e6)
    return attacker, cells


# --- what the attacker finds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [nearest_five, hidden_below_five])
def test_the_attacker_finds_people_behind_sums_that_are_rounded_or_hidden_each_by_itself(
    rule: Callable[[int], tuple[int, int]], attacked: City
) -> None:
    cells = attacked.of("people", QUARTER)
    few = [members for members, people in zip(single(cells), cells["people"], strict=True) if 0 < people < BASE][:20]
    assert len(few) == 20
    assert len(who_asks_everything(cells, rule).narrowed(few, UNSURE - 1)) >= 5


@pytest.mark.promise("gate.attacker")
def test_whoever_knows_every_open_figure_and_how_topics_hang_together_is_sure_of_nobody(attacked: City) -> None:
    attacker, cells = who_knows_every_topic(attacked)
    held = [members for members, people in zip(single(cells), cells["people"], strict=True) if people > 0]
    assert len(held) > 150
    assert attacker.narrowed(held, UNSURE - 1) == []
    people = (cells["topic"] == "people").to_numpy()
    margins = sums(cells[people], DIMENSIONS["people"], 1)
    assert attacker.narrowed([np.pad(each, (0, len(cells) - people.sum())) for each in margins], UNSURE - 1) == []


@pytest.mark.promise("gate.projections")
def test_whoever_knows_that_nobody_moves_until_the_term_changes_is_sure_of_nobody(attacked: City) -> None:
    periods = attacked.ahead
    assert len(periods) > 2
    cells = pd.concat([attacked.of("people", at).assign(at=at) for at in periods], ignore_index=True)
    for _, group in cells.groupby(["body", "level", "sex"]):
        attacker, old = who_knows_the_cells(group), group["band_id"].map(BANDS.index)
        for before, after in itertools.pairwise(periods):
            now, then = (group["at"] == at for at in (before, after))
            attacker.learn((then * 1.0 - now).to_numpy(), 0, 0)
            for band in range(1, len(BANDS)):
                attacker.learn(((then & (old >= band)) * 1.0 - (now & (old >= band))).to_numpy(), 0, 1e6)
        held = [members for members, people in zip(single(group), group["people"], strict=True) if people > 0]
        assert attacker.narrowed(held, UNSURE - 1) == []


def possible(rounded: Sequence[int], changes: Sequence[int]) -> list[int]:
    """What a cell can have held at first, whatever its lot, when its figures and its exact changes are known."""
    path = np.concatenate([[0], np.cumsum(changes)])
    return [
        first
        for first in range(max(0, rounded[0] - BASE + 1), rounded[0] + BASE)
        if (first + path >= 0).all()
        and any((BASE * ((first + path + lot) // BASE) == rounded).all() for lot in range(BASE))
    ]


@pytest.mark.promise("gate.quarters")
def test_whoever_knows_that_one_came_or_went_between_two_quarters_is_sure_of_nobody(attacked: City) -> None:
    periods = sorted(attacked.cells.loc[attacked.cells["topic"] == "people", "period"].unique())
    told = [attacked.of("people", at)[["people", "rounded"]].to_numpy().astype(int) for at in periods]
    pairs = {
        (tuple(rounded), change)
        for now, then in itertools.pairwise(told)
        for rounded, change in zip(np.column_stack([now[:, 1], then[:, 1]]), then[:, 0] - now[:, 0], strict=True)
        if abs(change) <= 1
    }
    assert {change for _, change in pairs} == {-1, 0, 1}
    assert min(len(possible(rounded, [change])) for rounded, change in pairs) >= UNSURE


@pytest.mark.promise("gate.repeated")
def test_a_number_that_stays_is_told_alike_in_every_quarter_and_build(attacked: City, joined: City) -> None:
    both = pd.concat([attacked.cells, joined.cells])
    name = [each for each in KEY if each != "period"]
    assert both[[*name, "people", "rounded"]].drop_duplicates().groupby([*name, "people"]).size().max() == 1
    changed = attacked.cells.merge(joined.cells, on=KEY, suffixes=("", "_after"))
    assert (changed["people"] != changed["people_after"]).any()
    near = changed[(changed["people"] - changed["people_after"]).abs() <= 1]
    pairs = set(near[["rounded", "rounded_after", "people", "people_after"]].astype(int).itertuples(index=False))
    assert min(len(possible(each[:2], [each[3] - each[2]])) for each in pairs) >= UNSURE


def test_figures_that_were_drawn_anew_each_time_would_tell_the_number_by_their_mean() -> None:
    people, name = 13, "people|all|all|township|1A41|female|31_35"
    anew = [BASE * ((people + gate.draw(SECRET, f"{name}|{time}", BASE)) // BASE) for time in range(1000)]
    kept = [BASE * ((people + gate.draw(SECRET, name, BASE)) // BASE) for _ in range(1000)]
    assert round(float(np.mean(anew))) == people
    assert len(set(kept)) == 1


# --- what is published ----------------------------------------------------------------------------------------------


def test_every_cell_is_a_multiple_of_the_base_next_to_its_number_by_its_lot(attacked: City) -> None:
    for row in attacked.cells.to_dict("records"):
        name = "|".join(row[each] for each in KEY if each != "period")
        assert row["rounded"] == BASE * ((row["people"] + gate.draw(SECRET, name, BASE)) // BASE)
        assert abs(row["rounded"] - row["people"]) < BASE


def test_every_lot_is_drawn_as_often_as_any_other_and_another_key_draws_others() -> None:
    names = [f"cell {number}" for number in range(5000)]
    lots, others = ([gate.draw(key, name, BASE) for name in names] for key in (SECRET, b"another"))
    assert all(abs(count - 1000) < 120 for count in Counter(lots).values())
    assert abs(sum(one == other for one, other in zip(lots, others, strict=True)) - 1000) < 120


def test_a_build_holds_neither_the_exact_cells_nor_the_key_they_were_rounded_by(attacked: City) -> None:
    assert SECRET not in attacked.path.read_bytes()
    with duckdb.connect(attacked.path, read_only=True, config=warehouse.READ_ONLY) as connection:
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert "open_cell" in tables
    assert "exact_cell" not in tables


def chosen(filters: Mapping[str, Sequence[str]], most: int) -> Iterator[dict[str, str]]:
    """Every choice of up to so many filters."""
    for number in range(most + 1):
        for names in itertools.combinations(filters, number):
            for codes in itertools.product(*(filters[name] for name in names)):
                yield dict(zip(names, codes, strict=True))


@pytest.mark.promise("gate.sums")
def test_every_answer_is_a_sum_of_published_cells_or_withheld(attacked: City) -> None:
    seen, cells = warehouse.open_for(attacked.path, GUEST), attacked.of("people", QUARTER)
    filters = {FILTER[name]: sorted(cells[name].unique()) for name in DIMENSIONS["people"]}
    filters = {name: [code for code in codes if code != "unknown"] for name, codes in filters.items()}
    every = list(chosen(filters, 2))
    for given in random.Random(1).sample(every, len(every) // 4):  # noqa: S311 - a sample, no secret
        left = cells[member_of(cells, **{COLUMN[name]: code for name, code in given.items()})] if given else cells
        answer = seen.ask("open/people", as_of=QUARTER, **given).table
        for row in answer.to_dict("records"):
            told = (
                left[left[COLUMN[row["side"]]] == (row[COLUMN[row["side"]]] or "unknown")]
                if row["side"] != "all"
                else left
            )
            assert_sum(row, int(told["rounded"].sum()))
        ladder = seen.ask("open/ladder", as_of=QUARTER, **given).table
        for row in ladder.to_dict("records"):
            assert_sum(row, int(left[member_of(left, sex=row["sex"], band_id=row["band_id"])]["rounded"].sum()))


def assert_sum(row: Mapping[Any, Any], expected: int) -> None:
    """A row tells the sum, or nothing where that is under the smallest number shown."""
    assert pd.isna(row["rounded"]) if expected < MIN_GROUP else row["rounded"] == expected


@pytest.mark.promise("gate.few_as_none")
def test_few_and_none_are_told_alike(attacked: City) -> None:
    seen, cells = warehouse.open_for(attacked.path, GUEST), attacked.of("people", QUARTER)
    held = cells.groupby(["body", "level"])[["people", "rounded"]].sum().reset_index()
    few = held[(held["people"] > 0) & (held["rounded"] < MIN_GROUP)].to_dict("records")
    none = held[held["people"] == 0].to_dict("records")
    assert few
    assert none
    answers = [
        seen.ask("open/people", as_of=QUARTER, body=row["body"], level=row["level"]).table.drop(
            columns=["body", "level"]
        )
        for row in (*few, *none)
    ]
    assert all(answer["rounded"].isna().all() and answer["rounded_share"].isna().all() for answer in answers)
    assert all(answer.equals(answers[0]) for answer in answers)


def test_a_third_filter_is_refused_with_what_to_take_out(attacked: City) -> None:
    seen = warehouse.open_for(attacked.path, GUEST)
    given = {"body": "township", "level": "1A41", "sex": "female", "band": "31_35"}
    with pytest.raises(
        queries.QueryError, match=r"with 2 filters beside the period, not with 4 \(band, body, level, sex"
    ):
        seen.ask("open/people", as_of=QUARTER, **given)
    with pytest.raises(queries.QueryError, match="最多同时选择2个筛选条件"):
        warehouse.open_for(attacked.path, LOCAL).ask("open/people", as_of=QUARTER, **given)


# --- and nothing else -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def joined(small_city: Store, tmp_path_factory: pytest.TempPathFactory) -> City:
    """The same city, of the same units and rules, in which every tenth person was never heard of."""
    root = tmp_path_factory.mktemp("joined")
    store, manifest = Store(root / "store"), small_city.manifest()
    with batch(store, month=manifest.month) as writer:
        for source in contract.SOURCES:
            for path in manifest.files(source):
                rows = parquet.read_table(path)
                if "person_id" in rows.column_names:
                    rows = rows.filter([not each.endswith("7") for each in rows["person_id"].to_pylist()])
                writer.write(source, rows)
    return made(store, root / "joined.duckdb")


def told_to(viewer: Viewer, city: City, name: str, **given: Any) -> pd.DataFrame:
    """What a question tells somebody of a city."""
    return warehouse.open_for(city.path, viewer).ask(name, **given).table


def asked(name: str, city: City) -> dict[str, Any]:
    """What a question cannot do without, in a city."""
    whole = warehouse.open_for(city.path, LOCAL)
    target = whole.ask("age_ladder/quota", as_of=PERIOD["as_of"]).table["target_id"][0]
    known = {**PERIOD, **PERIOD_OF.get(name.split("/", maxsplit=1)[0], {}), "target": target, "assessed": "001.001"}
    return {each.name: known[each.name] for each in queries.load(name).takes if not each.optional}


@pytest.mark.promise("gate.nothing_else")
def test_no_other_question_tells_a_guest_anything_that_hangs_on_people(attacked: City, joined: City) -> None:
    told = {name: asked(name, attacked) for name in queries.names() if not name.startswith(gate.TOPIC)}
    of_people = [
        name
        for name, given in told.items()
        if not told_to(LOCAL, attacked, name, **given).equals(told_to(LOCAL, joined, name, **given))
    ]
    assert len(of_people) > 30
    differing = [
        name
        for name, given in told.items()
        if not told_to(GUEST, attacked, name, **given).equals(told_to(GUEST, joined, name, **given))
    ]
    assert differing == []
