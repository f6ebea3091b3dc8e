"""Two real parliaments land through their maps, every row accounted for by counts taken with the csv module alone."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import contract
from data.landing import Report, land
from data.store import Store

HERE = Path(__file__).parent.parent
REAL = HERE.parent / "shared" / "real"
MAPS = HERE / "data" / "maps"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real rosters are not here ({REAL})")


def rows(parliament: str, file: str) -> list[dict[str, str]]:
    """A file as the csv module reads it."""
    with (REAL / parliament / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def landed(parliament: str, folder: Path) -> tuple[Report, Store]:
    """Both files of a parliament, landed into a store of their own."""
    store, files = Store(folder), [REAL / parliament / name for name in ("persons.csv", "terms.csv")]
    return land(store, files, map_path=MAPS / f"{parliament}.toml"), store


def table(store: Store, source: str) -> pa.Table:
    """Everything that landed of a source."""
    return pa.concat_tables(pq.read_table(path) for path in store.manifest().files(source))


def test_congress_lands_whole(tmp_path: Path) -> None:
    report, store = landed("us_congress", tmp_path)
    persons, terms = rows("us_congress", "persons.csv"), rows("us_congress", "terms.csv")
    delegations = {(term["chamber"], term["region"]) for term in terms}
    assert [(count.source, count.rows_in, count.rejected) for count in report.counts] == [
        ("unit", 2, 0),
        ("unit", len(delegations), 0),
        ("member", len(persons), 0),
        ("posting", len(terms), 0),
    ]
    starts = sorted(int(term["start"].replace("-", "")) for term in terms)
    assert sorted(table(store, "posting")["start"].to_pylist()) == starts
    assert store.manifest().month == starts[-1] // 100


def test_the_two_members_of_congress_without_a_birth_date_are_found_and_land(tmp_path: Path) -> None:
    report, store = landed("us_congress", tmp_path)
    lines = [line for line, person in enumerate(rows("us_congress", "persons.csv"), 2) if not person["birth_date"]]
    assert [(found.row, found.severity) for found in report.findings] == [(line, "warning") for line in lines]
    assert table(store, "member")["birth"].null_count == len(lines) == 2


def test_australia_lands_but_for_the_term_without_a_start_and_births_out_of_bounds(tmp_path: Path) -> None:
    report, _ = landed("au_parliament", tmp_path)
    persons, terms = rows("au_parliament", "persons.csv"), rows("au_parliament", "terms.csv")
    earliest = (contract.load("member").column("birth").min or 0) // 10_000
    births = [person["birth"] or person["birth_year"] for person in persons]
    too_early = [line for line, birth in enumerate(births, 2) if birth and int(birth[:4]) < earliest]
    unknown = [line for line, birth in enumerate(births, 2) if not birth]
    startless = [line for line, term in enumerate(terms, 2) if not term["start"]]
    counts = {(count.source, count.rows_in): (count.landed, count.rejected) for count in report.counts}
    assert counts[("member", len(persons))] == (len(persons) - len(too_early), len(too_early))
    assert counts[("posting", len(terms))] == (len(terms) - 1, 1)
    found = {(found.file, found.row, found.severity) for found in report.findings}
    assert found == (
        {("persons.csv", line, "error") for line in too_early}
        | {("persons.csv", line, "warning") for line in unknown}
        | {("terms.csv", line, "error") for line in startless}
    )
    assert len(startless) == 1


def test_a_year_of_birth_stands_where_australia_has_no_date(tmp_path: Path) -> None:
    _, store = landed("au_parliament", tmp_path)
    births = dict(zip(*(table(store, "member")[name].to_pylist() for name in ("person_id", "birth")), strict=True))
    for person in rows("au_parliament", "persons.csv"):
        if person["person_id"] in births:
            written = (person["birth"].replace("-", "") or person["birth_year"]).ljust(8, "0")
            assert births[person["person_id"]] == (int(written) or None)
