"""Welfare and care in a synthetic city: since when people have worked."""

import numpy as np

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.careers import Careers, Spells
from data.sample.ladder import Ints

DRAWS = 5
"""What sets the draws of this topic apart from those of others."""
FIRST_JOB = (20, 25)
"""Ages in years between which people begin to work, unless they took a seat before."""


def began_work(careers: Careers, spells: Spells, rng: np.random.Generator) -> Ints:
    """The month in which each person began to work, counted from year 0."""
    count = len(careers.people)
    first_seat = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first_seat, spells.person, spells.start)
    grown_up = careers.people.birth + rng.integers(FIRST_JOB[0] * YEAR, FIRST_JOB[1] * YEAR, count)
    month: Ints = np.minimum(grown_up, first_seat)
    return month
