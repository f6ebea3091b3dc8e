"""Months and partial dates as integers that read as they are written.

A month is YYYYMM (202610). A date is YYYYMMDD with zeros for the parts that a file does not know:
19850000 (only the year), 19851100 (no day), 19851103. Both sort and compare as they are, and
`reference - birth < 100 * age` says "younger than age" by year and month, day ignored.
"""

import datetime as dt

MONTHS_A_YEAR = 12


def of(date: int) -> int:
    """The YYYYMM month of a YYYYMMDD date; it ends in 00 where only the year is known."""
    return date // 100


def is_known(date: int) -> bool:
    """Whether a YYYYMMDD date is known to the month."""
    return of(date) % 100 > 0


def number(month: int) -> int:
    """Months since year 0 of a YYYYMM month, for arithmetic."""
    return month // 100 * MONTHS_A_YEAR + month % 100 - 1


def from_number(months: int) -> int:
    """The YYYYMM month that lies `months` months after year 0."""
    year, past = divmod(months, MONTHS_A_YEAR)
    return year * 100 + past + 1


def add(month: int, months: int) -> int:
    """The YYYYMM month `months` later (earlier where negative)."""
    return from_number(number(month) + months)


def between(earlier: int, later: int) -> int:
    """Whole months from one YYYYMM month to another."""
    return number(later) - number(earlier)


def last_whole_year(month: int) -> int:
    """The last year that is over when a YYYYMM month is."""
    return month // 100 - (month % 100 < MONTHS_A_YEAR)


def now() -> int:
    """The YYYYMM month that it is here."""
    today = dt.datetime.now().astimezone()
    return today.year * 100 + today.month


def parse(text: str) -> int:
    """Read "2026-10" or "202610"; raise ValueError where it is no month."""
    digits = text.strip().replace("-", "").replace(".", "")
    if len(digits) != len("202610") or not digits.isdigit() or not 1 <= int(digits[4:]) <= MONTHS_A_YEAR:
        message = f"{text!r} is not a month; write it as 2026-10."
        raise ValueError(message)
    return int(digits)


def dotted(date: int) -> str:
    """Write a month (YYYYMM) or a date (YYYYMMDD) as rosters do, as far as it is known: 1978, 1978.05, 1978.05.03."""
    digits = str(date)
    return ".".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part.strip("0"))


def text(month: int) -> str:
    """Write 202610 as "2026-10"."""
    return f"{month // 100:04d}-{month % 100:02d}"
