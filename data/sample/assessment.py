"""The assessments of a synthetic city: grades of people, totals of teams, and which unit became which.

Grades mostly keep to the caps and to what the unit's result allows; known exceptions make every finding occur.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Careers
from data.sample.cells import decimals, ids, ints, table, words
from data.sample.city import Layout
from data.sample.ladder import CHIEFS, DEPUTIES, ROLES, TEAM, Bools, Ints
from data.sample.teams import (
    DISAGREEING_GROUP,
    DISAGREEMENT,
    DRAWS,
    GRADES,
    INDICATORS,
    MIDDLE,
    ROUNDING,
    SOURCES,
    Entry,
    Floats,
    Teams,
    made,
    percents,
    places_in,
)  # fmt: skip

CATEGORIES = ("chief", "deputy", "dispatched")
NO_CATEGORY = -1
PERSONAL = (
    "excellent", "competent", "basically", "incompetent",
    "undetermined", "probation", "under_inquiry", "under_sanction", "not_assessed", "on_leave",
)  # fmt: skip
EXCELLENT, COMPETENT, BASICALLY, INCOMPETENT = range(4)
PROBATION = PERSONAL.index("probation")
RARE = {
    "undetermined": 0.001,
    "under_inquiry": 0.001,
    "under_sanction": 0.002,
    "not_assessed": 0.001,
    "on_leave": 0.004,
}
RARE |= {"basically": 0.006, "incompetent": 0.001}
"""Chances of the grades that few have."""
ON_PROBATION = 0.6
"""Chance that someone in the first year has no grade yet."""
KINDS = ("annual", "peacetime", "special", "term")
BESIDE = {"peacetime": 0.04, "special": 0.015}
"""Share of people who are also assessed so in a year; term assessments come with the end of a term."""
TERM_ENDS = 5
"""Years of a term: those that leave 1 when divided by it are its last."""
AGREES = 0.8
"""Chance that another kind of assessment gives the grade of the year."""
REWARDED_AFTER, REWARDED = 3, 0.75
"""Years of excellent in a row for a reward, and the chance that it is given then."""
STAFF_SHARE, LEADERS_SHARE, LINKED = 0.2, 0.25, (0.3, 0.2, 0.15, 0.1)
"""Shares of excellent: people without a post, leaders of a group, leaders of a unit by the grade of its team."""
CARRIES, SPREAD = 0.7, 3.0
"""How much of a year's merit stays with the person, and how far merit moves a score."""


class Year(NamedTuple):
    """Who was where on the last day of a year, an array a property over people; -1 in `entry` without a team result."""

    year: int
    person: Ints
    unit: Ints
    category: Ints
    head: Bools
    entry: Ints
    group: Ints
    new: Bools


class Rows(NamedTuple):
    """Assessments, an array a property; `sources` has a row for each source and one for the score, empty as NaN."""

    person: Ints
    year: Ints
    kind: Ints
    category: Ints
    sources: Floats
    grade: Ints
    rewarded: Bools


class Runs:
    """Everyone's years of excellent in a row since the last reward, and the year last graded."""

    def __init__(self, people: int) -> None:
        """Nobody has a grade yet."""
        self.counting = np.zeros(people, np.int64)
        self.graded = np.zeros(people, np.int64)

    def go_on(self, here: Year, grade: Ints, given: Bools) -> Bools:
        """Add the grades of a year; return who is rewarded for it."""
        before = np.where(self.graded[here.person] == here.year - 1, self.counting[here.person], 0)
        counting = np.where(grade == EXCELLENT, before + 1, 0)
        rewarded: Bools = (counting >= REWARDED_AFTER) & given
        self.counting[here.person] = np.where(rewarded, 0, counting)
        self.graded[here.person] = np.where(grade <= INCOMPETENT, here.year, self.graded[here.person])
        return rewarded


def tables(careers: Careers, *, seed: int, number: int, known: int, today: int, years: int) -> dict[str, pa.Table]:
    """The rows of assessments, unit assessments, indicators and histories, and the units that a reform has ended."""
    ends = range((today - years * YEAR) // YEAR, today // YEAR + 1)
    over = tuple(year for year in ends if today - years * YEAR < _december(year) <= today)
    teams = made(careers.city, np.random.default_rng([seed, number, DRAWS]), over)
    rng = np.random.default_rng([seed, number, DRAWS, len(over)])
    return {
        "unit": _former_units(teams, number),
        "assessment": _people_table(careers, teams, rng, known),
        "unit_assessment": _team_table(teams, number),
        "unit_indicator": _indicator_table(teams, number),
        "unit_lineage": _lineage_table(teams, number),
    }


def _december(year: int) -> int:
    return year * YEAR + YEAR - 1


def _former_units(teams: Teams, number: int) -> pa.Table:
    former = _former(teams)
    return table(
        "unit",
        {
            "unit_id": [f"{number:03d}{entry.code}" for entry in former],
            "name": [entry.name for entry in former],
            "parent_id": [f"{number:03d}"] * len(former),
            "body": ["municipal_department"] * len(former),
            "valid_to": [entry.last * 100 + 101 for entry in former],
        },
    )


def _former(teams: Teams) -> list[Entry]:
    """The entries of units that a reform has ended."""
    return [entry for entry in teams.entries if not entry.stands]


def _lineage_table(teams: Teams, number: int) -> pa.Table:
    former = _former(teams)
    after = {entry.place: entry.code for entry in teams.entries if entry.stands}
    return table(
        "unit_lineage",
        {
            "predecessor": [f"{number:03d}{entry.code}" for entry in former],
            "successor": [f"{number:03d}{after[entry.place]}" for entry in former],
            "month": [entry.last * 100 + 101 for entry in former],
            "how": ["renamed", *["merged"] * (len(former) - 1)],
        },
    )


def _team_table(teams: Teams, number: int) -> pa.Table:
    entry, column = np.nonzero(teams.held)
    return table(
        "unit_assessment",
        {
            "unit_id": words(entry, [f"{number:03d}{each.code}" for each in teams.entries]),
            "year": ints(np.array(teams.years)[column]),
            "peer_group": words(teams.group[entry, column], teams.groups),
            **{name: decimals(scores[entry, column]) for name, scores in zip(SOURCES, teams.sources, strict=True)},
            "total": decimals(teams.total[entry, column]),
            "grade": words(teams.grade[entry, column], GRADES),
        },
    )


def _indicator_table(teams: Teams, number: int) -> pa.Table:
    entry, column = np.nonzero(teams.held)
    count, names = len(entry), tuple(INDICATORS)
    which = np.repeat(np.arange(len(names)), count)
    entry, column = np.tile(entry, len(names)), np.tile(column, len(names))
    return table(
        "unit_indicator",
        {
            "unit_id": words(entry, [f"{number:03d}{each.code}" for each in teams.entries]),
            "year": ints(np.array(teams.years)[column]),
            "indicator": words(which, names),
            "score": decimals(teams.indicators[which, entry, column]),
            "weight": decimals(np.array([INDICATORS[name] for name in names], float)[which]),
        },
    )


def _people_table(careers: Careers, teams: Teams, rng: np.random.Generator, known: int) -> pa.Table:
    trait = rng.normal(size=len(careers.people))
    runs = Runs(len(trait))
    rows = [
        part
        for column, here in enumerate(_each_year(careers, teams))
        for part in _year_rows(here, teams, column, trait, runs, rng)
    ]
    return _assessments([part for part in rows if len(part.person)], known)


def _each_year(careers: Careers, teams: Teams) -> Iterator[Year]:
    """Who was where on the last day of each year."""
    city, spells = careers.city, careers.spells()
    category = _categories(city)
    began = np.full(len(careers.people), np.iinfo(np.int64).max)
    np.minimum.at(began, spells.person, spells.start)
    for column, year in enumerate(teams.years):
        here = (spells.start <= _december(year)) & ((spells.end == 0) | (spells.end > _december(year)))
        person, seat = spells.person[here], spells.seat[here]
        entry = _results_of(city, teams, column)[city.unit[seat]]
        yield Year(
            year=year,
            person=person,
            unit=city.unit[seat],
            category=category[seat],
            head=np.isin(city.role[seat], [ROLES.index(role) for role in CHIEFS]),
            entry=entry,
            group=np.where(entry < 0, -1, teams.group[entry, column]),
            new=began[person] // YEAR == year,
        )


def _categories(city: Layout) -> Ints:
    """The place in CATEGORIES by seat; some members of municipal teams are dispatched to them."""
    team, chiefs = ([ROLES.index(role) for role in roles] for roles in (TEAM, CHIEFS))
    municipal = np.array([unit.body == "municipal_department" for unit in city.units])[city.unit]
    sent = municipal & (city.role == ROLES.index(DEPUTIES[1])) & (np.arange(len(city.unit)) % 2 == 0)
    category = np.where(np.isin(city.role, chiefs), 0, np.where(sent, 2, 1))
    return np.where(np.isin(city.role, team), category, NO_CATEGORY)


def _results_of(city: Layout, teams: Teams, column: int) -> Ints:
    """The entry whose result stands for a unit in a year, -1 for none: its own, for a county's leaders the county's."""
    found = np.full(len(city.units), -1)
    for place, entry in enumerate(teams.entries):
        if entry.stands and teams.held[place, column]:
            found[entry.place] = place
    counties = {unit.region: found[place] for place, unit in enumerate(city.units) if unit.body == "county"}
    for place, unit in enumerate(city.units):
        if unit.body == "county_leadership" and unit.organ in ("party", "government"):
            found[place] = counties[unit.region]
    return found


def _year_rows(
    here: Year, teams: Teams, column: int, trait: Floats, runs: Runs, rng: np.random.Generator
) -> Iterator[Rows]:
    """The annual assessments of a year, then those of other kinds beside them."""
    count = len(here.person)
    merit = CARRIES * trait[here.person] + (1 - CARRIES**2) ** 0.5 * rng.normal(size=count)
    sources = _sources(here, teams, column, merit, rng)
    grade = _grades(here, teams, column, merit, sources[-1], rng)
    rewarded = runs.go_on(here, grade, rng.random(count) < REWARDED)
    year, none = np.full(count, here.year), np.zeros(count, np.int64)
    yield Rows(here.person, year, none, here.category, sources, grade, rewarded)
    graded = np.flatnonzero(grade <= INCOMPETENT)
    for kind, share in _kinds(here):
        some = graded[rng.random(len(graded)) < share[graded]]
        turned = np.where(grade[some] == EXCELLENT, COMPETENT, EXCELLENT)
        other = np.where(rng.random(len(some)) < AGREES, grade[some], turned)
        blank, of_kind = np.full((len(sources), len(some)), np.nan), none[some] + KINDS.index(kind)
        yield Rows(here.person[some], year[some], of_kind, here.category[some], blank, other, none[some] > 0)


def _kinds(here: Year) -> Iterator[tuple[str, Floats]]:
    """Each kind beside the annual one, and the chance of everyone to be assessed so."""
    for kind, share in BESIDE.items():
        yield kind, np.full(len(here.person), share)
    if here.year % TERM_ENDS == 1:
        yield "term", np.where(here.category >= 0, 1.0, 0.0)


def _sources(here: Year, teams: Teams, column: int, merit: Floats, rng: np.random.Generator) -> Floats:
    """The four sources and the score of leaders, rows of them; a principal's results are those of the team."""
    tilt = np.where(here.group == _place(teams.groups, DISAGREEING_GROUP), 1.0, 0.0) * np.array(DISAGREEMENT)[:, None]
    said = MIDDLE + SPREAD * merit + tilt + SPREAD / 2 * rng.normal(size=(len(SOURCES), len(merit)))
    of_team = (here.category == 0) & (here.entry >= 0)
    said[-1] = np.where(of_team, teams.sources[-1][here.entry, column], said[-1])
    said = np.round(np.clip(said, 0, 100), 2)
    weights = np.stack([percents(category) for category in CATEGORIES])
    weights = weights / weights.sum(axis=1, keepdims=True)
    score = np.round((weights[here.category].T * said).sum(axis=0), 2)
    return np.where(here.category >= 0, np.vstack([said, score]), np.nan)


def _place(names: tuple[str, ...], name: str) -> int:
    return names.index(name) if name in names else -2


def _grades(here: Year, teams: Teams, column: int, merit: Floats, score: Floats, rng: np.random.Generator) -> Ints:
    """The place in PERSONAL of each grade of a year."""
    drawn = rng.random(len(merit))
    edges = np.cumsum(list(RARE.values()))
    rare = np.append([PERSONAL.index(name) for name in RARE], COMPETENT)[np.searchsorted(edges, drawn)]
    grade = np.where(here.new & (here.category < 0) & (rng.random(len(merit)) < ON_PROBATION), PROBATION, rare)
    able = (grade == COMPETENT) | (grade == BASICALLY)
    staff, leaders = here.category < 0, here.category >= 0
    over = (here.unit * 7 + here.year) % 29 == 0
    _raise(grade, able & staff, here.unit, merit, np.full(len(merit), STAFF_SHARE), over)
    team = np.where(here.entry < 0, -1, teams.grade[here.entry, column])
    allowed = np.where(team < 0, LEADERS_SHARE, np.array(LINKED)[team])
    result = np.where(here.entry < 0, -1 - here.unit, here.entry)
    _raise(grade, able & leaders, result, score, allowed, np.zeros(len(merit), bool))
    _overfill(grade, able & leaders, here, score)
    _hold_heads(grade, here, team)
    return grade


def _raise(grade: Ints, able: Bools, key: Ints, merit: Floats, share: Floats, over: Bools) -> None:
    """Grade the best of each key excellent: a share rounded down, and one more where it is over."""
    graded = np.flatnonzero((grade <= INCOMPETENT) & able)
    place, many = places_in(key[graded], merit[graded])
    best = place < np.floor(many * share[graded] + ROUNDING).astype(int) + over[graded]
    grade[graded[best]] = EXCELLENT


def _overfill(grade: Ints, able: Bools, here: Year, score: Floats) -> None:
    """In one group of four, grade one more leader excellent than the group may have."""
    for group in np.unique(here.group[here.group >= 0]):
        if (group + here.year) % 4:
            continue
        members = np.flatnonzero(able & (here.group == group))
        lacking = int(len(members) * LEADERS_SHARE) + 1 - np.count_nonzero(grade[members] == EXCELLENT)
        others = members[grade[members] != EXCELLENT]
        grade[others[np.argsort(-score[others], kind="stable")][: max(0, lacking)]] = EXCELLENT


def _hold_heads(grade: Ints, here: Year, team: Ints) -> None:
    """Keep the heads of fair and poor teams at their ceilings, but for every fourth team and the last of them."""
    low = here.head & (team >= GRADES.index("fair")) & (grade <= COMPETENT)
    lax = (here.entry + here.year) % 4 == 1
    lax |= here.entry == here.entry[low].max(initial=-2)
    fair = low & (team == GRADES.index("fair"))
    grade[fair] = np.where(lax[fair], EXCELLENT, COMPETENT)
    poor = low & (team == GRADES.index("poor"))
    grade[poor] = np.where(lax[poor], COMPETENT, BASICALLY)


def _assessments(parts: Sequence[Rows], known: int) -> pa.Table:
    rows = Rows(*(np.concatenate(column, axis=-1) for column in zip(*parts, strict=True)))
    scores = {name: decimals(score) for name, score in zip((*SOURCES, "score"), rows.sources, strict=True)}
    return table(
        "assessment",
        {
            "person_id": ids(rows.person, known),
            "year": ints(rows.year),
            "kind": words(rows.kind, KINDS),
            "occasion": ints(np.ones(len(rows.person), np.int64)),
            "category": words(rows.category, CATEGORIES, rows.category < 0),
            "grade": words(rows.grade, PERSONAL),
            "rewarded": pa.array(rows.rewarded),
            **scores,
        },
    )
