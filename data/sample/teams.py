"""The assessed teams of a synthetic city: a true level, the shock of each year and noise make what is announced."""

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data import policy
from data.sample.city import Layout, layout
from data.sample.ladder import Bools, Ints
from data.sample.units import Unit

Floats = npt.NDArray[np.float64]

DRAWS = 7
"""What sets the draws of this topic apart from those of others."""
SOURCES = ("democratic", "leader", "panel", "results")
GRADES = ("excellent", "good", "fair", "poor")
INDICATORS = {"重点任务": 25, "经济社会发展": 20, "党的建设": 20, "依法行政": 15, "平安建设": 10, "群众满意": 10}
"""The indicators that results are made of, with their weights."""

MIDDLE, LEVEL_SPREAD, SHOCK = 82.0, 3.0, 1.5
"""Where scores lie, how far the true levels of teams differ, and how far a year moves a whole group."""
STEP_CHANCE, STEP = 0.05, (5.0, 7.0)
"""Chance that a team truly becomes better or worse in a year, and by how much."""
SOURCE_NOISE, INDICATOR_NOISE = (2.0, 2.0, 2.5), 3.0
"""Noise of the three evaluations and of one indicator."""
NOISY_GROUP, NOISIER = "事业单位", 2.5
"""A group that is assessed so roughly that its moves say nothing, and how much rougher."""
DISAGREEING_GROUP, DISAGREEMENT = "国有企业", (3.0, -5.0, 0.0, 0.0)
"""A group that its staff think better of than its leaders do, by source."""
EXCELLENT, POORER = 0.3, 0.1
"""Shares of excellent teams, and of fair or poor ones."""
FEWEST = 4
"""Teams from which a group has a best and a worst."""
FORMER = 190
"""The last part of the first code of a unit that a reform has ended."""
ROUNDING = 1e-9
"""What keeps a whole number whole when it is rounded down."""

OF_THE_CITY = {"county": "县（市、区）", "enterprise": DISAGREEING_GROUP, "institution": NOISY_GROUP}
OF_A_COUNTY = {"county_department": "直属单位", "township": "乡镇（街道）"}
ECONOMY, SOCIETY = "经济管理部门", "社会管理和执法部门"
"""The assessment groups: of bodies of the city, of bodies of each county, and of the city's government."""
RENAMED, MERGED = "更名前", ("合并前一部", "合并前二部")
"""What the units before a reform are called after the name of the one that came of them."""


class Entry(NamedTuple):
    """A series of assessments under one code: the unit of the city it belongs to, its group, and its years."""

    code: str
    name: str
    place: int
    group: str
    first: int
    last: int
    stands: bool = True


class Teams(NamedTuple):
    """Every entry and year, arrays of entries by years; `held` says whether there is an assessment."""

    entries: tuple[Entry, ...]
    years: tuple[int, ...]
    groups: tuple[str, ...]
    group: Ints
    held: Bools
    true: Floats
    """The level of the total without the noise."""
    sources: Floats
    """Sources, entries and years."""
    indicators: Floats
    total: Floats
    grade: Ints


def made(city: Layout, rng: np.random.Generator, years: tuple[int, ...]) -> Teams:
    """The teams of a city in some years."""
    entries = _entries(city.units, years)
    groups = tuple(dict.fromkeys(entry.group for entry in entries))
    group = _groups(entries, groups, years)
    held = np.array([[entry.first <= year <= entry.last for year in years] for entry in entries])
    level = _levels(entries, rng, len(years)) + _shocks(group, rng)
    noise = np.where(np.array(groups) == NOISY_GROUP, NOISIER, 1.0)[group]
    bias = np.where(np.array(groups) == DISAGREEING_GROUP, 1.0, 0.0)[group]
    raw = level + MIDDLE + rng.normal(size=(len(INDICATORS), *level.shape)) * INDICATOR_NOISE * noise
    indicators = _rounded(raw)
    shares = np.array(list(INDICATORS.values())) / sum(INDICATORS.values())
    results = _rounded(np.tensordot(shares, indicators, 1))
    said = [
        _rounded(level + MIDDLE + tilt * bias + rng.normal(size=level.shape) * spread * noise)
        for tilt, spread in zip(DISAGREEMENT, SOURCE_NOISE, strict=False)
    ]
    sources = np.stack([*said, results])
    weights = percents("team")
    total = _rounded(np.tensordot(weights, sources, 1) / weights.sum())
    true = level + MIDDLE + bias * np.dot(weights, DISAGREEMENT) / weights.sum()
    grade = _grades(total, group, held, years)
    return Teams(entries, years, groups, group, held, true, sources, indicators, total, grade)


def true_levels(*, people: int, seed: int, years: tuple[int, ...]) -> pa.Table:
    """What each team of the first city of a sample truly stood at: unit_id, year and level, no row without assessment.

    It is what the noise of announced totals can be judged by; it never lands.
    """
    teams = made(layout(people), np.random.default_rng([seed, 1, DRAWS]), years)
    entry, year = np.nonzero(teams.held)
    return pa.table(
        {
            "unit_id": [f"001{teams.entries[place].code}" for place in entry],
            "year": np.array(years)[year],
            "level": teams.true[entry, year],
        }
    )


@functools.cache
def percents(category: str) -> Floats:
    """The nominal weights of SOURCES for a class, per cent, read once; not to be written to."""
    rows = policy.read("assessment_weight").to_pylist()
    rows = [row for row in rows if (row["scheme"], row["category"]) == ("nominal", category)]
    weights = np.array([next(row["percent"] for row in rows if row["source"] == source) for source in SOURCES], float)
    weights.setflags(write=False)
    return weights


def places_in(keys: Ints, values: Floats) -> tuple[Ints, Ints]:
    """The place of each value among those of its key, the highest 0, and how many the key has."""
    order = np.lexsort((-values, keys))
    _, first, count = np.unique(keys[order], return_index=True, return_counts=True)
    place = np.empty(len(keys), np.int64)
    place[order] = np.arange(len(keys)) - np.repeat(first, count)
    many = np.empty(len(keys), np.int64)
    many[order] = np.repeat(count, count)
    return place, many


def _entries(units: tuple[Unit, ...], years: tuple[int, ...]) -> tuple[Entry, ...]:
    """Every assessed unit, then the units before a reform."""
    found, last = [], years[-1]
    offices = [place for place, unit in enumerate(units) if unit.body == "municipal_department"]
    youngest = [place for place, unit in enumerate(units) if unit.body == "institution"][1:][-1:]
    renamed, merged = offices[0], offices[1:2]
    for place, unit in enumerate(units):
        if group := _group_of(units, place, offices):
            first = last - 1 if place == renamed else last if place in youngest + merged else years[0]
            found.append(Entry(unit.code, unit.name, place, group, first, last))
    reforms = [(renamed, last - 2, RENAMED), *((place, last - 1, word) for place in merged for word in MERGED)]
    for number, (place, ends, word) in enumerate(reforms):
        before = next(entry for entry in found if entry.place == place)
        name = f"{before.name}（{word}）"
        found.append(Entry(f".{FORMER + number}", name, place, before.group, years[0], ends, stands=False))
    return tuple(found)


def _group_of(units: tuple[Unit, ...], place: int, offices: list[int]) -> str | None:
    unit = units[place]
    if unit.body == "municipal_department":
        return _office_group(unit, first=place < offices[len(offices) * 3 // 5])
    if unit.body in OF_A_COUNTY:
        county = next(each.name for each in units if each.body == "county" and each.region == unit.region)
        return f"{county}{OF_A_COUNTY[unit.body]}"
    return OF_THE_CITY.get(unit.body)


def _office_group(unit: Unit, *, first: bool) -> str:
    if unit.organ != "government":
        return "党群和人大政协机关"
    return ECONOMY if first else SOCIETY


def _groups(entries: tuple[Entry, ...], groups: tuple[str, ...], years: tuple[int, ...]) -> Ints:
    """The place in `groups` by entry and year; one team came from another group in the last year."""
    own = np.array([groups.index(entry.group) for entry in entries])
    group = np.repeat(own[:, None], len(years), axis=1)
    came = [place for place, entry in enumerate(entries) if entry.group == SOCIETY][:1]
    group[came, :-1] = groups.index(ECONOMY) if came else 0
    return group


def _levels(entries: tuple[Entry, ...], rng: np.random.Generator, years: int) -> Floats:
    """True levels around 0 that now and then take a step; units before a reform share that of their successor."""
    shape = (max(entry.place for entry in entries) + 1, years)
    steps = np.where(rng.random(shape) < STEP_CHANCE, rng.uniform(*STEP, shape), 0.0)
    steps *= rng.choice((-1, 1), shape)
    steps[:, 0] = rng.normal(0, LEVEL_SPREAD, shape[0])
    level: Floats = np.clip(np.cumsum(steps, axis=1), -3 * LEVEL_SPREAD, 3 * LEVEL_SPREAD)
    return level[[entry.place for entry in entries]]


def _shocks(group: Ints, rng: np.random.Generator) -> Floats:
    shock = rng.normal(0, SHOCK, (group.max() + 1, group.shape[1]))
    return np.asarray(np.take_along_axis(shock, group, axis=0))


def _grades(total: Floats, group: Ints, held: Bools, years: tuple[int, ...]) -> Ints:
    """The places in GRADES by place in the group; now and then a group has one excellent too many."""
    grade = np.full(total.shape, GRADES.index("good"))
    for column, year in enumerate(years):
        here = np.flatnonzero(held[:, column])
        place, many = places_in(group[here, column], total[here, column])
        turn = group[here, column] + year
        best = np.where(many >= FEWEST, (many * EXCELLENT + ROUNDING).astype(int) + (turn % 5 == 1), 0)
        worst = np.where(many >= FEWEST, np.ceil(many * POORER).astype(int), 0)
        grade[here, column] = np.select(
            [place < best, (place == many - 1) & (worst > 0) & (turn % 3 == 0), place >= many - worst],
            [GRADES.index("excellent"), GRADES.index("poor"), GRADES.index("fair")],
            GRADES.index("good"),
        )
    return grade


def _rounded(scores: Floats) -> Floats:
    return np.asarray(np.round(np.clip(scores, 0, 100), 2), np.float64)
