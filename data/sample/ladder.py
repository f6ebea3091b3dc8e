"""The ladder of leading posts: its levels, roles and rungs, and the ages at which people reach and leave a rung."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LEVELS = ("1A31", "1A32", "1A41", "1A42", "1A50")
SENIOR, JUNIOR = LEVELS.index("1A32"), LEVELS.index("1A50")
ROLES = ("secretary", "chief", "deputy", "member", "division_head", "division_deputy", "other")
CHIEFS, DEPUTIES, DIVISIONS, TEAM = ROLES[:2], ROLES[2:4], ROLES[4:6], ROLES[:4]


class Rung(NamedTuple):
    """One rung of the ladder, in years of age: at appointment (mean and spread), on the first day, at the lines.

    `line` is the age at which the post is left; from `room` on people make room at the term change of `tier`.
    """

    name: str
    tier: str
    level: str
    sources: tuple[str, ...]
    age: float
    spread: float
    standing: float
    room: float
    line: float


STAFF = "staff"
RUNGS = (
    Rung("chair", "county", "1A31", ("county_head", "municipal_head", "county_deputy"), 53, 2, 55, 56, 59),
    Rung("county_head", "county", "1A31", ("county_deputy", "municipal_deputy"), 47, 2.5, 49, 54, 58),
    Rung("municipal_head", "city", "1A31", ("municipal_deputy",), 50, 3, 52, 56, 58),
    Rung("councillor", "county", "1A32", ("county_deputy", "department_head"), 51, 3, 54, 56, 59),
    Rung("county_deputy", "county", "1A32", ("township_secretary", "department_head"), 43, 3, 46, 53, 57),
    Rung("municipal_deputy", "city", "1A32", ("division_head", "township_secretary"), 45, 3.5, 48, 55, 57),
    Rung("township_secretary", "township", "1A41", ("township_chief",), 36, 4, 42, 50, 58),
    Rung("division_head", "city", "1A41", ("division_deputy",), 41, 4, 45, 55, 57),
    Rung("department_head", "county", "1A41", ("township_chief", "department_deputy"), 44, 4, 47, 54, 58),
    Rung("township_chief", "township", "1A41", ("township_deputy",), 33.5, 3.5, 39, 47, 58),
    Rung("department_deputy", "county", "1A42", ("township_deputy", STAFF), 37, 5, 44.5, 52, 57),
    Rung("division_deputy", "city", "1A42", (STAFF,), 36, 4, 42, 53, 57),
    Rung("township_deputy", "township", "1A42", (STAFF,), 32.8, 3.5, 40.5, 46, 57),
    Rung(STAFF, "city", "1A50", (), 25, 2.5, 41, 99, 99),
)
RUNG = {rung.name: place for place, rung in enumerate(RUNGS)}
RUNG_LEVEL = np.array([LEVELS.index(rung.level) for rung in RUNGS])
