"""A roster whose rates are known: people leave by a coin and are followed by others of a known age."""

import numpy as np
import pandas as pd

from data import month, policy
from models import scenario

FIRST = month.number(200001)
RANGES = scenario.ranges(policy.read("scenario_range").to_pylist())
"""The levers as shipped."""


def roster(
    seed: int,
    *,
    seats: int = 200,
    cells: int = 1,
    years: int = 16,
    leave: float = 0.2,
    entry: tuple[float, float] = (42, 5),
) -> pd.DataFrame:
    """Postings of seats that are never empty: everyone leaves with the chance `leave` a year, in any month of it.

    Who follows is as old as a normal draw of `entry` (mean, spread in years).
    """
    random = np.random.default_rng(seed)
    rows, person = [], 0
    for seat in range(seats):
        at = FIRST
        while at < FIRST + 12 * years:
            person += 1
            age = int(12 * random.normal(*entry))
            stays = int(random.geometric(1 - (1 - leave) ** (1 / 12)))
            started = at if at > FIRST else FIRST - int(random.integers(0, 48))
            rows.append(
                {
                    "person_id": f"p{seed}.{person}",
                    "cell": f"cell {seat % cells}",
                    "start_month": month.from_number(started),
                    "end_month": month.from_number(at + stays) if at + stays < FIRST + 12 * years else 999912,
                    "birth_month": month.from_number(at - age - (int(random.integers(0, 72)) if at == FIRST else 0)),
                }
            )
            at += stays
    return pd.DataFrame(rows)
