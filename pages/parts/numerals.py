"""Numbers and moments as people read them: whole people, true minus signs, percentages, the clock on the wall."""

import datetime as dt
import functools
import re
from collections.abc import Iterable
from typing import SupportsFloat, SupportsInt

import numpy as np
from babel.numbers import format_decimal

MINUS = "−"
FIGURE = re.compile(r"[+−-]?[0-9][0-9,]*(\.[0-9]+)?%?")
LOCALE = "zh_CN"  # English parts and points numbers alike
MEGA = 1e6
WHOLE_FROM, TINY = 10, 1e-6


def whole(people: SupportsInt) -> str:
    """Write whole people with thousands parted: 1,234 and −1,234."""
    return _parted(int(people))


def signed(people: SupportsInt) -> str:
    """Write a difference in whole people with its sign: +4, 0, −14."""
    return ("+" if int(people) > 0 else "") + _parted(int(people))


def signed_point(points: SupportsFloat) -> str:
    """Write a difference in points with its sign and one place: +3.1, 0.0, −2.4."""
    return f"{float(points) + 0.0:+.1f}".replace("-", MINUS).replace("+0.0", "0.0")


def percent(share: SupportsFloat, *, places: int = 1) -> str:
    """Write a share of 1 as a percentage: 0.27 is 27.0%."""
    return f"{float(share) * 100:.{places}f}%".replace("-", MINUS)


def percent_short(share: SupportsFloat) -> str:
    """Write a target share without needless zeros: 0.3 is 30%, 1/3 is 33.3%."""
    return percent(share).replace(".0%", "%")


def measure(value: float, unit: str) -> str:
    """Write what was measured: a ratio, seconds, bytes, a share of 1, or a small number."""
    if unit == "seconds":
        return duration(value)
    if unit == "bytes":
        return megabytes(int(value))
    if unit == "number":
        return _significant(value)
    return f"{_significant(100 * value)}%" if unit == "share" else f"{_significant(value)} ×"


def duration(seconds: float) -> str:
    """Write seconds shortly: 3.2 s, 14 ms, 0.21 ms."""
    return f"{_significant(seconds)} s" if seconds >= 1 else f"{_significant(seconds * 1000)} ms"


def megabytes(size: int) -> str:
    """Write bytes in MB, with a decimal where they are few."""
    return f"{size / MEGA:,.{int(size < WHOLE_FROM * MEGA)}f} MB"


def _significant(value: float) -> str:
    if value >= WHOLE_FROM:
        return f"{value:,.0f}"
    if 0 < value < TINY:
        return f"{value:.0e}".replace("-", MINUS)
    return np.format_float_positional(value, 2, unique=False, fractional=False, trim="-")


def are_figures(texts: Iterable[str]) -> bool:
    """Whether every text that is not empty is a figure: whole or with places, signed, in per cent."""
    written = [text for text in texts if text]
    return bool(written) and all(FIGURE.fullmatch(text) for text in written)


def moment(at: str) -> str:
    """Write a moment (ISO, UTC) as the clock on the wall shows it here: 2026-10-31 16:05."""
    return f"{dt.datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"


@functools.cache
def _parted(number: int) -> str:
    return str(format_decimal(number, locale=LOCALE)).replace("-", MINUS)
