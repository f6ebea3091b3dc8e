"""The grass roots of a synthetic city: origins of township teams, checks that townships met, pay beside county peers.

The rates are the truth that the answers are held to: checks fall a little from year to year, and in one county
townships earn less than their peers.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Postings
from data.sample.cells import date, ids, ints, table, words
from data.sample.city import Layout
from data.sample.ladder import ROLES, TEAM, Bools, Ints

DRAWS = 10
"""What sets the draws of this topic apart from those of others."""
ORIGINS = ("career_staff", "village_cadre", "graduate_official", "civil_servant", "other")
ORIGIN_SHARES = (0.22, 0.08, 0.14, 0.5, 0.06)
TOLD, ORIGIN_YEARS = 0.92, 5
"""Share of origins that are reported, and the years of which they are."""
CHECKS = {"inspection": 18, "appraisal": 4, "assessment": 9, "veto": 2}
"""Checks of each kind that a township meets in a year, on average."""
FALLS, REPORTS, CHECK_YEARS = 0.92, 0.94, 3
"""What is left of them a year later, the share of townships that report, and the years of which they do."""
PAY = {"1A41": 152_000, "1A42": 131_000, "1A50": 108_000}
"""Average yearly income by level in county departments, in yuan."""
AHEAD, BEHIND, POOR_COUNTY = 0.04, -0.02, 4
"""How much more townships earn, as a share, and in the one county where they earn less."""


class Origins(NamedTuple):
    """Rows of origins, an array a property: places in ORIGINS, months from year 0, full years."""

    person: Ints
    start: Ints
    origin: Ints
    years: Ints


def tables(
    city: Layout, of: Postings, places: Ints, rng: np.random.Generator, *, number: int, known: int, today: int
) -> dict[str, pa.Table]:
    """The rows of the three sources; `places` are unit and role of each posting, `today` a month from year 0."""
    codes = [f"{number:03d}{unit.code}" for unit in city.units]
    return {
        "team_origin": _origin_table(origins(city, of, places, rng, today), known),
        "unit_burden": _burden_table(city, codes, rng, today),
        "local_pay": _pay_table(city, codes, rng, today),
    }


def origins(city: Layout, of: Postings, places: Ints, rng: np.random.Generator, today: int) -> Origins:
    """From where those came who joined a township team in the last years, most of it reported."""
    unit, role = places[0], places[1]
    township = np.array([each.body == "township" for each in city.units])
    first = np.flatnonzero(of.second < 0)
    in_team: Bools = township[unit[first]] & np.isin(role[first], [ROLES.index(each) for each in TEAM])
    same = np.append(False, of.person[first[1:]] == of.person[first[:-1]])
    entered = in_team & ~(same & np.append(False, in_team[:-1]))
    recent = of.start[first] >= (today // YEAR - ORIGIN_YEARS + 1) * YEAR
    row = first[entered & recent & (of.start[first] <= today) & (rng.random(len(first)) < TOLD)]
    origin = rng.choice(len(ORIGINS), len(row), p=ORIGIN_SHARES)
    return Origins(of.person[row], of.start[row], origin, rng.integers(3, 16, len(row)))


def _origin_table(of: Origins, known: int) -> pa.Table:
    columns = {
        "person_id": ids(of.person, known),
        "team_start": ints(date(of.start, 0)),
        "origin": words(of.origin, ORIGINS),
        "township_years": ints(of.years, of.origin == ORIGINS.index("civil_servant")),
    }
    return table("team_origin", columns)


def _burden_table(city: Layout, codes: list[str], rng: np.random.Generator, today: int) -> pa.Table:
    townships = [place for place, unit in enumerate(city.units) if unit.body == "township"]
    rows = [
        (codes[place], year, kind, int(rng.poisson(usual * FALLS**after)))
        for place in townships
        for after, year in enumerate(range(today // YEAR - CHECK_YEARS + 1, today // YEAR + 1))
        if rng.random() < REPORTS
        for kind, usual in CHECKS.items()
    ]
    return _rows("unit_burden", rows)


def _pay_table(city: Layout, codes: list[str], rng: np.random.Generator, today: int) -> pa.Table:
    rows: list[tuple[str | int | None, ...]] = []
    for code, unit in zip(codes, city.units, strict=True):
        for year in range(today // YEAR - CHECK_YEARS + 1, today // YEAR) if unit.body == "county" else ():
            for level, usual in PAY.items():
                department = int(usual * rng.normal(1, 0.02))
                more = BEHIND if unit.region == POOR_COUNTY else AHEAD
                township = int(department * (1 + more + rng.normal(0, 0.01)))
                people = (int(rng.integers(30, 200)), int(rng.integers(30, 300)))
                rows.append((code, year, "township", level, people[0], township, int(rng.integers(300, 500))))
                rows.append((code, year, "county_department", level, people[1], department, None))
    return _rows("local_pay", rows)


def _rows(source: str, rows: Sequence[tuple[str | int | None, ...]]) -> pa.Table:
    """Rows in the order of the contract's columns."""
    names = {"unit_burden": ("unit_id", "year", "check_kind", "items")}.get(
        source, ("unit_id", "year", "paid_in", "level", "paid", "average", "allowance")
    )
    kinds = [pa.string() if name in ("unit_id", "check_kind", "paid_in", "level") else pa.int32() for name in names]
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return table(
        source, {name: pa.array(list(column), kind) for name, column, kind in zip(names, columns, kinds, strict=True)}
    )
