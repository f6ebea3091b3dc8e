"""Rotation in the synthetic city: how people came to a post, duties, growth places, postings under programmes."""

import functools
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from data import policy
from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Careers, Postings
from data.sample.cells import date, ids, ints, table, words
from data.sample.city import Layout
from data.sample.ladder import LEVELS, ROLES, Bools, Ints

DRAWS = 3
"""The stream of random numbers that is this topic's own."""
NONE = -1
"""A place in a list of words where there is no word."""

KINDS = ("to_enterprise", "to_institution", "transfer", "internal_rotation", "secondment")
KIND_OF_BODY = {"enterprise": "to_enterprise", "institution": "to_institution"}
REASONS = ("training", "ten_years", "structure", "avoidance", "other")
REASON_SHARES = (0.4, 0, 0.33, 0.05, 0.22)
TEN_YEARS = 10 * YEAR

DUTIES = (
    *("discipline_head", "organisation_head", "police_head", "court_head", "procuratorate_head"),
    *("enforcement", "personnel", "audit", "approval", "funds"),
)
TITLE_DUTIES = {"纪委书记": "discipline_head", "组织部部长": "organisation_head", "公安局局长": "police_head"}
TITLE_DUTIES |= {"组织委员": "personnel"}
HEAD_DUTIES = {"公安局": "police_head", "法院": "court_head", "检察院": "procuratorate_head"}
UNIT_DUTIES = {"纪委监委": "enforcement", "公安局": "enforcement", "市场监管局": "enforcement", "审计局": "audit"}
UNIT_DUTIES |= {"组织部": "personnel", "编办": "personnel", "人力资源社会保障局": "personnel", "财政局": "funds"}
UNIT_DUTIES |= {"国资委": "funds", "发展改革局": "approval", "发展改革委": "approval", "行政审批局": "approval"}
"""Duties by the end of a title or of a unit's name."""
ONE_IN = 3
"""Of the posts below the head of a unit with a duty, one in so many carries it."""
AVOIDED = DUTIES[:5]
"""Duties that are not held where one grew up; principals of a county's party and government are the others."""

ELSEWHERE = "990000"
"""The code of every place outside the city."""
UNKNOWN, OUTSIDE, NEAR = 0.1, 0.25, 0.6
"""Shares of people whose growth place is not known, lies outside the city, lies in the county of their first post."""
AT_HOME = 0.04
"""Share of those who grew up where they should avoid it and hold the post all the same."""

TWO_WAY, TWO_WAY_SHARE = "two_way", 0.3
TWO_WAY_BODIES = ("municipal_department", "county_department", "township")
SENT_LEVELS = ("1A41", "1A42", "1A50")
SETTLED, SENT_BELOW = YEAR, 52 * YEAR
"""Months in a post before one is sent out, and the age (months) from which nobody is."""
ACTIVE, PAST, OVER = 0.02, 0.04, 4
"""Postings now and in the past, as shares of the seats; months by which some run over their usual length."""


class Programme(NamedTuple):
    """How people are sent: the share of a programme, the title there, and the body that receives (None: their own)."""

    share: float
    title: str
    body: str | None


PROGRAMMES = {
    "aid": Programme(0.1, "援派干部", None),
    "secondment": Programme(0.2, "挂职干部", "township"),
    "first_secretary": Programme(0.16, "驻村第一书记", "township"),
    "rural_team": Programme(0.16, "乡村振兴工作队队员", "township"),
    "shadowing": Programme(0.12, "跟班学习", None),
    "five_lines": Programme(0.1, "五线历练干部", "county_department"),
    "enterprise_aid": Programme(0.08, "助企干部", "enterprise"),
    "upward": Programme(0.08, "上挂干部", "municipal_department"),
}
CODES = (*PROGRAMMES, TWO_WAY)
TITLES = tuple(each.title for each in PROGRAMMES.values())


class Exchange(NamedTuple):
    """For each posting its places in KINDS, REASONS, CODES and DUTIES, or NONE."""

    kind: Ints
    reason: Ints
    programme: Ints
    duty: Ints


class Sent(NamedTuple):
    """Postings under a programme beside the primary post; months count from year 0 and `end` is 0 where they go on."""

    person: Ints
    unit: Ints
    programme: Ints
    level: Ints
    start: Ints
    end: Ints


def exchanges(city: Layout, of: Postings, places: Ints, rng: np.random.Generator, today: int) -> Exchange:
    """How people came to each of their posts; `places` are unit, role and title of each posting."""
    unit, role, _ = places
    first = np.flatnonzero(of.second < 0)
    before = first[np.maximum(np.arange(len(first)) - 1, 0)]
    came = (of.person[first] == of.person[before]) & (first != before)
    leading = (role[first] != ROLES.index("other")) | (role[before] != ROLES.index("other"))
    moved, turned = came & leading & (unit[first] != unit[before]), came & leading & (unit[first] == unit[before])
    kind, reason, programme = (np.full(len(of.person), NONE) for _ in range(3))
    kind[first[turned]] = KINDS.index("internal_rotation")
    kind[first[moved]] = _kinds(city)[unit[first[moved]]]
    why = rng.choice(len(REASONS), len(first), p=REASON_SHARES)
    why = np.where(of.end[before] - of.start[before] >= TEN_YEARS, REASONS.index("ten_years"), why)
    reason[first[moved | turned]] = why[moved | turned]
    both_ways = moved & _two_way(city, of, first, before, unit, today) & (rng.random(len(first)) < TWO_WAY_SHARE)
    programme[first[both_ways]] = CODES.index(TWO_WAY)
    return Exchange(kind, reason, programme, _duties(city, of.seat, places))


def _kinds(city: Layout) -> Ints:
    """What kind of exchange leads to each unit."""
    return np.array([KINDS.index(KIND_OF_BODY.get(unit.body, "transfer")) for unit in city.units])


def _two_way(city: Layout, of: Postings, first: Ints, before: Ints, unit: Ints, today: int) -> Bools:
    """Moves between the city's departments and its counties that last, or have lasted, about their usual length."""
    place = np.array([_place(TWO_WAY_BODIES, each.body) for each in city.units])
    here, there = place[unit[first]], place[unit[before]]
    length = np.where(of.end[first] == 0, today, of.end[first]) - of.start[first]
    between: Bools = (here >= 0) & (there >= 0) & ((here == 0) != (there == 0)) & (length <= _lengths()[TWO_WAY] + OVER)
    return between


def _duties(city: Layout, seat: Ints, places: Ints) -> Ints:
    """The duty of each posting: by its title, else as the unit's head, else the unit's own in some of its posts."""
    unit, role, title = places
    of_title = np.array([_named(TITLE_DUTIES, text) for text in city.titles])[title]
    of_head = np.array([_named(HEAD_DUTIES, each.name) for each in city.units])[unit]
    of_unit = np.array([_named(UNIT_DUTIES, each.name) for each in city.units])[unit]
    head = role == ROLES.index("chief")
    of_unit = np.where(head & (of_head >= 0), of_head, np.where(head | (seat % ONE_IN == 0), of_unit, NONE))
    return np.where(role == ROLES.index("other"), NONE, np.where(of_title >= 0, of_title, of_unit))


def _named(duties: dict[str, str], text: str) -> int:
    """The place in DUTIES of what a title or a name ends with."""
    return next((DUTIES.index(duty) for end, duty in duties.items() if text.endswith(end)), NONE)


def _place(words: tuple[str, ...], word: str) -> int:
    return words.index(word) if word in words else NONE


def growth_codes(city: Layout, number: int) -> list[str]:
    """The codes of the city's counties by their region, after that of everywhere else."""
    return [ELSEWHERE, *(f"{number:03d}{unit.code}" for unit in city.units if unit.body == "county")]


def growth(careers: Careers, of: Postings, places: Ints, duty: Ints, rng: np.random.Generator) -> Ints:
    """Where each person grew up, as a place in `growth_codes`, or NONE; few hold a post that they must avoid there."""
    city, count = careers.city, len(careers.people)
    regions = max(unit.region for unit in city.units)
    began = np.zeros(count, np.int64)
    began[of.person[::-1]] = city.region[of.seat[::-1]]
    anywhere = rng.integers(1, regions + 1, count)
    near = (rng.random(count) < NEAR) & (began > 0)
    place = np.where(rng.random(count) < OUTSIDE, 0, np.where(near, began, anywhere))
    unit, role, _ = places
    region = np.array([each.region for each in city.units])[unit]
    head, principal = _head(duty), _principal(city, unit, role)
    home = np.flatnonzero((head | principal) & (region > 0) & (region == place[of.person]))
    stays = rng.random(count) < AT_HOME
    place[of.person[home]] = np.where(stays[of.person[home]], place[of.person[home]], 0)
    now = np.concatenate([np.flatnonzero(kind & (region > 0) & (of.end == 0))[:1] for kind in (head, principal)])
    place = np.where(rng.random(count) < UNKNOWN, NONE, place)
    place[of.person[now]] = region[now]
    return place


def _head(duty: Ints) -> Bools:
    head: Bools = np.isin(duty, [DUTIES.index(each) for each in AVOIDED])
    return head


def _principal(city: Layout, unit: Ints, role: Ints) -> Bools:
    """Who leads the party committee or the government of a county."""
    team = np.array([each.body == "county_leadership" and each.organ in ("party", "government") for each in city.units])
    principal: Bools = np.isin(role, [ROLES.index("secretary"), ROLES.index("chief")]) & team[unit]
    return principal


def sent(careers: Careers, of: Postings, rng: np.random.Generator, today: int) -> Sent:
    """Postings under programmes: some go on, some will soon be full, most have ended and the people come back."""
    young = today - careers.people.birth[of.person] < SENT_BELOW
    fit = young & (of.second < 0) & np.isin(of.level, [LEVELS.index(level) for level in SENT_LEVELS])
    length = np.where(of.end == 0, today, of.end) - of.start
    active = _some(np.flatnonzero(fit & (of.end == 0) & (length > SETTLED)), ACTIVE, careers, rng)
    away = np.isin(of.person, of.person[active])
    past = _some(np.flatnonzero(fit & ~away & (length > 2 * YEAR)), PAST, careers, rng)
    return Sent(
        *np.concatenate([_going_on(careers, of, active, rng, today), _ended(careers, of, past, rng, today)], axis=1)
    )


def _some(rows: Ints, share: float, careers: Careers, rng: np.random.Generator) -> Ints:
    chosen: Ints = rng.permutation(rows)[: round(share * len(careers.holder))]
    return chosen


def _going_on(careers: Careers, of: Postings, rows: Ints, rng: np.random.Generator, today: int) -> Ints:
    programme, length = _programmes(len(rows), rng)
    start = np.maximum(today - (rng.random(len(rows)) * (length + OVER)).astype(np.int64), of.start[rows] + 1)
    unit = _hosts(careers.city, of.seat[rows], programme, rng)
    return np.stack([of.person[rows], unit, programme, of.level[rows], start, np.zeros(len(rows), np.int64)])


def _ended(careers: Careers, of: Postings, rows: Ints, rng: np.random.Generator, today: int) -> Ints:
    programme, length = _programmes(len(rows), rng)
    stop = np.where(of.end[rows] == 0, today, of.end[rows])
    room = stop - of.start[rows] - length
    start = of.start[rows] + 1 + (rng.random(len(rows)) * np.maximum(room - 1, 1)).astype(np.int64)
    unit = _hosts(careers.city, of.seat[rows], programme, rng)
    rows_made = np.stack([of.person[rows], unit, programme, of.level[rows], start, start + length])
    return rows_made[:, room > 1]


def _programmes(count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """A programme for each of so many people, as a place in CODES, and its usual length in months."""
    programme = rng.choice(len(PROGRAMMES), count, p=[each.share for each in PROGRAMMES.values()])
    return programme, np.array([_lengths()[code] for code in PROGRAMMES])[programme]


@functools.cache
def _lengths() -> dict[str, int]:
    """The usual length of each programme in months, as the rules say it."""
    rows = policy.read("programme").to_pylist()
    return {row["programme_id"]: row["months"] for row in rows}


def _hosts(city: Layout, seat: Ints, programme: Ints, rng: np.random.Generator) -> Ints:
    """The unit that receives each person: one of the programme's body, or for a place outside the city their own."""
    unit = city.unit[seat]
    for place, each in enumerate(PROGRAMMES.values()):
        hosts = np.array([at for at, other in enumerate(city.units) if other.body == each.body])
        if len(hosts):
            drawn = rng.integers(0, len(hosts), len(seat))
            drawn = np.where((hosts[drawn] == unit) & (len(hosts) > 1), (drawn + 1) % len(hosts), drawn)
            unit = np.where(programme == place, hosts[drawn], unit)
    return unit


def postings(city: Layout, of: Sent, number: int, known: int) -> pa.Table:
    """The rows of postings under programmes: beside the primary post and not counted."""
    goes_on, none, every = of.end == 0, np.zeros(len(of.person), np.bool_), np.zeros(len(of.person), np.int64)
    return table(
        "posting",
        {
            "person_id": ids(of.person, known),
            "unit_id": words(of.unit, [f"{number:03d}{each.code}" for each in city.units]),
            "post": words(of.programme, TITLES),
            "role": words(every, ("other",)),
            "level": words(of.level, LEVELS),
            "start": ints(date(of.start, 0)),
            "end": ints(date(of.end, 0), goes_on),
            "end_reason": words(every, ("other",), goes_on),
            "primary": pa.array(none),
            "counted": pa.array(none),
            "exchange_kind": words(every, ("secondment",)),
            "exchange_reason": words(every, ("training",)),
            "programme": words(of.programme, CODES),
        },
    )
