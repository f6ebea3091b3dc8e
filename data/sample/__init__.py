"""An invented prefecture city of any size, units, people and years of careers, landed as real input would be.

A city is a ladder of seats. Every few months people reach their age, step down or leave; empty seats are filled from
the rungs below by age and county; newcomers enter at the foot; at a term change the older part of a team makes room.
A seat holds one person and a person one seat because people only ever move from seat to seat. In the end births
around the age lines and a few sexes are settled to what `aims` wants, so that every status of a target is seen. All
people are invented.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from data import contract
from data import month as months
from data.batches import batch
from data.sample import assessment, progress
from data.sample.city import PEOPLE_A_CITY, Layout, layout
from data.sample.people import due, limit
from data.sample.rounds import careers_of
from data.sample.rows import tables
from data.store import Store

__all__ = ["Layout", "chunks", "due", "generate", "layout", "limit"]

FEWEST_PEOPLE = 200
CITIES_A_CHUNK = 4


def generate(store: Store, *, people: int = 10_000, years: int = 10, seed: int = 1, month: int = 202610) -> None:
    """Land a synthetic city, or as many as it takes for `people` in post at `month` (YYYYMM), with `years` of careers.

    The same people, years, seed and month give the same rows. ValueError where there are too few people or no years.
    """
    with batch(store, month=month, replace=True, invented=True) as city:
        for some in chunks(people=people, years=years, seed=seed, month=month):
            for source, table in some.items():
                city.write(source, table)
    progress.enter(store, month)


def chunks(
    *, people: int, years: int, seed: int, month: int, cities: int = CITIES_A_CHUNK
) -> Iterator[dict[str, pa.Table]]:
    """The same rows as `generate` lands, a few cities at a time: a table each of the sources."""
    if people < FEWEST_PEOPLE or years < 1:
        message = (
            f"A sample has at least {FEWEST_PEOPLE} people and 1 year; {people} people and {years} years were asked."
        )
        raise ValueError(message)
    made = _cities(people, years, seed, months.number(month))
    while some := list(itertools.islice(made, cities)):
        yield {source: pa.concat_tables(city[source] for city in some) for source in contract.SOURCES}


def _cities(people: int, years: int, seed: int, today: int) -> Iterator[dict[str, pa.Table]]:
    count = max(1, round(people / PEOPLE_A_CITY))
    known = 0
    for city in range(count):
        size = people // count + (city < people % count)
        rng = np.random.default_rng([seed, city])
        careers = careers_of(layout(size), rng, today, years * months.MONTHS_A_YEAR)
        made = tables(careers, rng, seed=seed, number=city + 1, known=known, today=today)
        judged = assessment.tables(careers, seed=seed, number=city + 1, known=known, today=today, years=years)
        made |= {**judged, "unit": pa.concat_tables([made["unit"], judged["unit"]])}
        known += made["member"].num_rows
        yield made
