"""The rows of a synthetic city as they land: a table each of unit, member and posting, typed by their contracts."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.month import MONTHS_A_YEAR as YEAR
from data.sample import aims, capability, grass, ranks, reserve, rotation, slips, up_down, welfare
from data.sample.careers import REASONS, Careers, Postings, Spells
from data.sample.cells import date, day, ids, ints, table, words
from data.sample.city import Layout
from data.sample.ladder import CHIEFS, DEPUTIES, DIVISIONS, JUNIOR, LEVELS, ROLES, RUNG, STAFF, Bools, Ints
from data.sample.people import NAMES, People
from data.sample.units import Unit

SECTION_RANKS = ("二级科员", "一级科员", "四级主任科员", "三级主任科员", "二级主任科员", "一级主任科员")
RANKS = (*SECTION_RANKS, "四级调研员", "三级调研员", "二级调研员", "一级调研员")
LOWEST_RANK = (8, 6, 4, 2, 0)
"""The place in RANKS from which each of LEVELS begins."""
NO_RANKS = ("enterprise", "institution")
"""Bodies without civil-service ranks."""

STORED, STORED_LIMIT, UNCOUNTED = 0.05, 0.01, 0.005
"""Shares of stored retirement months and age limits, of posts that are not counted."""
PRECISIONS = (0.001, 0.003, 0.496, 0.5)
"""Share of births that are missing, known to the year, to the month, to the day."""
MISSING, YEAR_ONLY, TO_THE_DAY = 0, 1, 3


def tables(
    careers: Careers, rng: np.random.Generator, *, seed: int, number: int, known: int, today: int
) -> dict[str, pa.Table]:
    """The rows of the city of this number; `known` people came before it, today is a month counted from year 0.

    Topics that came after the roster draw from a generator of their own by `seed`, so that its rows stay as they are.
    """
    spells, people = careers.spells(), careers.people
    precision = rng.choice(len(PRECISIONS), len(people), p=PRECISIONS)
    people.birth[precision == YEAR_ONLY] -= people.birth[precision == YEAR_ONLY] % YEAR
    aims.settle_ages(careers, precision > MISSING, precision > YEAR_ONLY, today)
    party = aims.parties(careers, spells, rng)
    of_welfare = np.random.default_rng([seed, number, welfare.DRAWS])
    worked = welfare.began_work(careers, spells, of_welfare)
    of_capability = np.random.default_rng([seed, number, capability.DRAWS])
    of_ranks = np.random.default_rng([seed, number, ranks.DRAWS])
    of, of_rotation = _postings(careers.city, spells), np.random.default_rng([seed, number, rotation.DRAWS])
    places = _places(careers.city, of)
    exchange = rotation.exchanges(careers.city, of, places, of_rotation, today)
    grown = rotation.growth(careers, of, places, exchange.duty, of_rotation)
    grown_in = words(grown, rotation.growth_codes(careers.city, number), grown < 0)
    sent = rotation.sent(careers, of, of_rotation, today)
    of_slips = np.random.default_rng([seed, number, slips.DRAWS])
    written = slips.began_work(worked, people, of, of_slips, today)
    joined = slips.joined(people, np.isin(party, (aims.MEMBER, aims.PROBATIONARY)), of_slips)
    stated = words(party, aims.PARTIES, slips.without_party(of, len(people), of_slips))
    member = _member_table(people, (stated, joined, grown_in), precision, written, rng, known)
    of_written = of._replace(end=slips.ended(of, places[1], len(people), of_slips))
    posting = _posting_table(careers, of_written, places, exchange, rng, number, known, today)
    used = welfare.uses(careers, spells, worked, of_welfare, today)
    of_up_down = np.random.default_rng([seed, number, up_down.DRAWS])
    return {
        "unit": _unit_table(careers.city, number),
        "member": member,
        "posting": pa.concat_tables(
            [
                posting,
                rotation.postings(careers.city, sent, number, known),
                slips.postings(careers.city, of, places, worked, of_slips, number, known),
            ]
        ),
        "welfare_use": _welfare_table(used, known),
        **_capability_tables(
            capability.courses(careers, spells, worked, of_capability, today),
            capability.fields(careers, spells, of_capability),
            known,
        ),
        "reserve": _reserve_table(
            reserve.stays(careers, spells, np.random.default_rng([seed, number, reserve.DRAWS]), today), known
        ),
        "rank_task": _rank_task_table(ranks.tasks(careers, spells, worked, of_ranks, today), known),
        **_up_down_tables(
            up_down.downs(careers, spells, used, of_up_down, today),
            up_down.cases(careers, spells, used, of_up_down, today),
            number,
            known,
        ),
        **grass.tables(
            careers.city,
            of,
            places,
            np.random.default_rng([seed, number, grass.DRAWS]),
            number=number,
            known=known,
            today=today,
        ),
    }


def _unit_table(city: Layout, number: int) -> pa.Table:
    prefix = f"{number:03d}"
    root = city.units[0].name if number == 1 else f"示例{number}市"
    return table(
        "unit",
        {
            "unit_id": [prefix + unit.code for unit in city.units],
            "name": [root, *(unit.name for unit in city.units[1:])],
            "parent_id": [prefix + unit.code.rpartition(".")[0] if unit.code else None for unit in city.units],
            "body": [unit.body for unit in city.units],
            "organ": [unit.organ for unit in city.units],
            "approved_chiefs": [_approved(unit, CHIEFS) for unit in city.units],
            "approved_deputies": [_approved(unit, DEPUTIES) for unit in city.units],
            "approved_divisions": [_approved(unit, DIVISIONS) for unit in city.units],
        },
    )


def _approved(unit: Unit, roles: Sequence[str]) -> int | None:
    """The approved posts of some roles; None for a unit without a team of its own."""
    return sum(seats for post, seats in unit.team if post.role in roles) if unit.team else None


def _member_table(
    people: People,
    told: tuple[pa.Array, pa.Array, pa.Array],
    precision: Ints,
    worked: Ints,
    rng: np.random.Generator,
    known: int,
) -> pa.Table:
    """The rows of people; `told` are party, month of joining it, and where they grew up."""
    count = len(people)
    party, joined, grown_in = told
    stored = (rng.random(count) < STORED) & (precision > YEAR_ONLY)
    birth = _births(people.birth, precision, rng)
    return table(
        "member",
        {
            "person_id": ids(np.arange(count), known),
            "name": words(rng.integers(0, len(NAMES), count), NAMES),
            "sex": words(people.female, ("male", "female")),
            "birth": birth,
            "party": party,
            "identity": words(people.worker, ("cadre", "worker")),
            "retire_month": ints(date(people.due(), 0) // 100, ~stored),
            "age_limit": ints(people.limit(), rng.random(count) >= STORED_LIMIT),
            "work_start": ints(date(worked, 0), precision == MISSING),
            "joined": joined,
            "growth_place": grown_in,
        },
    )


def _births(birth: Ints, precision: Ints, rng: np.random.Generator) -> pa.Array:
    """Dates as far as they are known."""
    of_month = np.where(precision == TO_THE_DAY, rng.integers(1, 29, len(birth)), 0)
    return ints(np.where(precision == YEAR_ONLY, birth // YEAR * 10_000, date(birth, of_month)), precision == MISSING)


def _postings(city: Layout, spells: Spells) -> Postings:
    beside = np.full(len(city.unit), -1)
    beside[city.beside[:, 0]] = np.arange(len(city.beside))
    second = beside[spells.seat]
    first = np.vstack([*spells, np.full(len(second), -1)])
    every = Postings(*np.concatenate([first, np.vstack([*spells, second])[:, second >= 0]], axis=1))
    order = np.lexsort((every.start, every.person))
    return Postings(*(column[order] for column in every))


def _posting_table(
    careers: Careers,
    of: Postings,
    places: Ints,
    exchange: rotation.Exchange,
    rng: np.random.Generator,
    number: int,
    known: int,
    today: int,
) -> pa.Table:
    city, first, goes_on = careers.city, of.second < 0, of.end == 0
    unit, role, title = places
    rank = _rank(of.level, np.where(goes_on, today, of.end) - careers.people.birth[of.person])
    ranked = _ranked(city, of.seat, unit)
    return table(
        "posting",
        {
            "person_id": ids(of.person, known),
            "unit_id": words(unit, [f"{number:03d}{each.code}" for each in city.units]),
            "post": words(np.where(ranked, len(city.titles) + rank, title), city.titles + RANKS),
            "role": words(role, ROLES),
            "level": words(of.level, LEVELS),
            "rank": words(rank, RANKS, ~ranked),
            "start": ints(date(of.start, day(of.person, of.start))),
            "end": ints(date(of.end, day(of.person, of.end)), goes_on),
            "end_reason": words(of.reason, REASONS, goes_on),
            "primary": pa.array(first),
            "counted": pa.array(first & (rng.random(len(first)) >= UNCOUNTED)),
            "exchange_kind": words(exchange.kind, rotation.KINDS, exchange.kind < 0),
            "exchange_reason": words(exchange.reason, rotation.REASONS, exchange.reason < 0),
            "programme": words(exchange.programme, rotation.CODES, exchange.programme < 0),
            "duty": words(exchange.duty, rotation.DUTIES, exchange.duty < 0),
        },
    )


def _welfare_table(of: welfare.Uses, known: int) -> pa.Table:
    return table(
        "welfare_use",
        {
            "person_id": ids(of.person, known),
            "year": ints(of.year),
            "item": words(of.item, welfare.ITEMS),
            "number": ints(of.number),
            "entitled": ints(of.entitled, of.entitled < 0),
            "used": ints(of.used),
            "date": ints(of.date, of.date == 0),
            "excluded": pa.array(of.excluded.astype(bool)),
            "trigger": words(of.trigger, welfare.TRIGGERS, of.trigger < 0),
            "trigger_date": ints(of.called, of.called == 0),
        },
    )


def _capability_tables(courses: capability.Courses, fields: capability.Fields, known: int) -> dict[str, pa.Table]:
    training = {
        "person_id": ids(courses.person, known),
        "kind": words(courses.kind, capability.KINDS),
        "start": ints(courses.start),
        "hours": ints(courses.hours),
    }
    expertise = {
        "person_id": ids(fields.person, known),
        "field": words(fields.field, capability.FIELDS),
        "basis": words(fields.basis, capability.BASES),
    }
    return {"training": table("training", training), "expertise": table("expertise", expertise)}


def _reserve_table(of: reserve.Stays, known: int) -> pa.Table:
    stays = {
        "person_id": ids(of.person, known),
        "kind": words(of.kind, [kind.name for kind in reserve.KINDS]),
        "start": ints(date(of.start, 0)),
        "end": ints(date(of.end, 0), of.end == 0),
        "end_reason": words(of.reason, reserve.REASONS, of.end == 0),
    }
    return table("reserve", stays)


def _rank_task_table(of: ranks.Tasks, known: int) -> pa.Table:
    return table(
        "rank_task",
        {
            "person_id": ids(of.person, known),
            "task": words(of.kind, ranks.KINDS),
            "task_start": ints(of.start),
            "task_end": ints(of.end, of.end == 0),
        },
    )


def _up_down_tables(downs: up_down.Downs, cases: up_down.Cases, number: int, known: int) -> dict[str, pa.Table]:
    down = {
        "person_id": ids(downs.person, known),
        "date": ints(downs.date),
        "way": words(downs.way, up_down.WAYS),
        "reason": words(downs.reason, up_down.WHY),
        "lifted": ints(downs.lifted, downs.lifted == 0),
    }
    protection = {
        "case_id": pc.binary_join_element_wise(f"C{number:03d}-", pc.cast(pa.array(cases.case + 1), pa.string()), ""),
        "person_id": ids(cases.person, known),
        "kind": words(cases.kind, up_down.KINDS),
        "stage": words(cases.stage, up_down.STAGES),
        "date": ints(cases.date),
        "upheld": pa.array(cases.upheld == 1, mask=cases.upheld < 0),
    }
    return {"step_down": table("step_down", down), "protection": table("protection", protection)}


def _places(city: Layout, of: Postings) -> Ints:
    """Unit, role and title, a row each."""
    first = (city.unit[of.seat], city.role[of.seat], city.title[of.seat])
    return np.where(of.second < 0, first, city.beside[of.second, 1:].T)


def _ranked(city: Layout, seat: Ints, unit: Ints) -> Bools:
    """Which postings carry a civil-service rank instead of a post."""
    civil = np.array([each.body not in NO_RANKS for each in city.units])[unit]
    ranked: Bools = (city.rung[seat] == RUNG[STAFF]) & civil
    return ranked


def _rank(level: Ints, age: Ints) -> Ints:
    """The place in RANKS: by level, and within it by age (months)."""
    lowest = np.array(LOWEST_RANK)[level]
    by_age = np.clip((age // YEAR - 20) // 6, 0, 5)
    return np.where(level == JUNIOR, by_age, lowest + (age >= 53 * YEAR))
