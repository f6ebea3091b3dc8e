"""Two real parliaments give, at every start of a term, what a loop over their CSV files gives."""

import csv
import math
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

import data
import queries
from data import landing, month, policy
from data.access import LOCAL
from data.store import Store
from queries import building, warehouse
from queries.warehouse import Warehouse
from tests import plain

REAL = Path(__file__).parents[2] / "shared" / "real"
MAPS = Path(data.__file__).parent / "maps"
SINCE = {"us_congress": 201301, "au_parliament": 199001}
LINES = (40, 45, 50, 55)
VALUE = "1/10"
TARGET = {
    "name_en": "Members",
    "name_zh": "议员",
    "band_zh": "年龄线以下",
    "tier": "city",
    "body": "other",
    "roles": "member",
    "posts": "primary",
    "kind": "share",
    "value": VALUE,
    "denominator": "in_post",
    "document": "示例",
    "clause": "一",
    "confirmed": "to_confirm",
    "valid_from": "1901-01",
}

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real rosters are not here ({REAL})")


@dataclass(frozen=True)
class Parliament:
    """One parliament twice: its CSV files, and the warehouse built from them."""

    folder: Path
    opened: Warehouse

    @cached_property
    def terms(self) -> list[tuple[str, int, int]]:
        """Person, first month and first month no longer of every term that says when it began."""
        terms = [row for row in _read(self.folder / "terms.csv") if row["start"]]
        return [(row["person_id"], _month(row["start"]), _month(row["end"] or "9999-12")) for row in terms]

    @cached_property
    def births(self) -> dict[str, int | None]:
        """Month of birth by person: January where only the year is known."""
        rows = _read(self.folder / "persons.csv")
        births = {row["person_id"]: row.get("birth_date") or row.get("birth") or row.get("birth_year") for row in rows}
        return {
            person: _month(birth if "-" in birth else f"{birth}-01") if birth else None
            for person, birth in births.items()
        }

    @cached_property
    def starts(self) -> list[int]:
        """Every month in which a term starts, from the first that is asked for."""
        return sorted({start for _, start, _ in self.terms if start >= SINCE[self.folder.name]})

    def sitting(self, at: int) -> set[str]:
        """Who sits in a month, to be counted once."""
        return {person for person, start, end in self.terms if start <= at < end}

    def ages(self, at: int) -> list[int]:
        """Completed years of those who sit in a month and whose birth is known."""
        births = [self.births[person] for person in self.sitting(at)]
        return [(at - birth) // 100 for birth in births if birth is not None]

    def ledger(self, line: int, at: int) -> tuple[int, int, int]:
        """Base, needed and have of the target below an age line."""
        base = len(self.sitting(at))
        return base, math.ceil(Fraction(VALUE) * base), sum(age < line for age in self.ages(at))


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _month(date: str) -> int:
    return int(date[:4]) * 100 + int(date[5:7])


@pytest.fixture(scope="module", params=SINCE)
def parliament(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Parliament:
    """One parliament, landed through its map and built under targets for each age line."""
    folder, root = REAL / request.param, tmp_path_factory.mktemp(request.param)
    store, rules = Store(root / "store"), shutil.copytree(policy.FOLDER, root / "policy")
    _add_targets(rules / "age_target.csv")
    landing.land(store, [folder / "persons.csv", folder / "terms.csv"], map_path=MAPS / f"{request.param}.toml")
    return Parliament(folder, warehouse.open_for(building.build(store, folder=rules), LOCAL))


def _add_targets(path: Path) -> None:
    shipped = list(_read(path))
    added = [
        {**TARGET, "target_id": f"under_{line}", "place": 100 + line, "band_en": f"under {line}", "upper_age": line}
        for line in LINES
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, shipped[0])
        table.writeheader()
        table.writerows([*shipped, *added])


def test_as_many_sit_at_every_start_of_a_term_and_are_as_old_on_average(parliament: Parliament) -> None:
    with duckdb.connect(parliament.opened.path, read_only=True, config=warehouse.READ_ONLY) as connection:
        counted = connection.execute(
            "select moment, count(*), count(distinct person_id), avg(floor((moment - birth_month) / 100))"
            " from (select unnest($starts) as moment) as asked"
            " inner join whole.standing on is_primary and start_month <= moment and end_month > moment"
            " group by moment order by moment",
            {"starts": parliament.starts},
        ).fetchall()
    assert [row[0] for row in counted] == parliament.starts
    for at, posts, people, age in counted:
        ages = parliament.ages(at)
        assert (posts, people) == (len(parliament.sitting(at)),) * 2, at
        assert age == pytest.approx(sum(ages) / len(ages)), at


@pytest.mark.parametrize("line", LINES)
def test_the_share_below_an_age_line_is_right_in_every_month(parliament: Parliament, line: int) -> None:
    since, until = parliament.starts[0], parliament.starts[-1]
    answer = parliament.opened.ask("age_ladder/over_time", since=since, until=until, target=f"under_{line}")
    told = plain.rows(answer, "month", "base", "needed", "have", "share")
    assert [row[0] for row in told] == [month.add(since, step) for step in range(month.between(since, until) + 1)]
    for at, base, needed, have, share in told:
        assert (base, needed, have) == parliament.ledger(line, at), at
        assert share == have / base, at


def test_the_ledger_of_every_age_line_is_right_at_every_start_of_a_term(parliament: Parliament) -> None:
    for at in parliament.starts:
        told = plain.rows(parliament.opened.ask("age_ladder/quota", as_of=at), "target_id", "base", "needed", "have")
        assert told == [(f"under_{line}", *parliament.ledger(line, at)) for line in LINES], at


def test_the_ladder_holds_everyone_at_every_start_of_a_term(parliament: Parliament) -> None:
    for at in parliament.starts:
        told = plain.rows(parliament.opened.ask("age_ladder/ladder", as_of=at), "lower_age", "upper_age", "people")
        ages = parliament.ages(at)
        assert sum(people for *_, people in told) == len(parliament.sitting(at)), at
        for lower, upper in {(lower, upper) for lower, upper, _ in told if lower is not None}:
            people = sum(people for low, _, people in told if low == lower)
            assert people == sum(lower <= age < upper for age in ages), (at, lower)


def test_every_question_of_the_age_ladder_has_an_answer(parliament: Parliament) -> None:
    given: dict[str, Any] = {
        "as_of": parliament.starts[-1],
        "since": parliament.starts[0],
        "until": parliament.starts[-1],
    }
    for name in queries.names("age_ladder"):
        takes = {parameter.name for parameter in queries.load(name).takes if not parameter.optional}
        known = {**given, "target": "under_40"}
        answer = parliament.opened.ask(name, **{key: known[key] for key in takes})
        assert len(answer.table) > 0, name
        assert not answer.table.duplicated(list(answer.query.grain)).any(), name
