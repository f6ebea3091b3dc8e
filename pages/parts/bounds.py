"""One way of saying between which numbers a figure lies while some records are not known: 18.2% (17.9–18.6%, why)."""

from collections.abc import Callable

from pages.parts import numerals
from pages.parts.words import Words

Bounds = tuple[float, float]
"""The least and the greatest that a figure may be."""


def people(number: int, between: Bounds, why: str, say: Words) -> str:
    """Say a number of people with its bounds and why it has any; the number alone where they equal it."""
    return _said(number, between, numerals.whole, why, say)


def share(part: float, between: Bounds, why: str, say: Words) -> str:
    """Say a part of 1 as a percentage with its bounds; alone where they are written alike."""
    return _said(part, between, numerals.percent, why, say)


def _said(figure: float, between: Bounds, write: Callable[[float], str], why: str, say: Words) -> str:
    value, low, high = write(figure), write(between[0]), write(between[1])
    if value == low == high:
        return value
    return say("{value} ({low}–{high}, {why})").format(value=value, low=low.removesuffix("%"), high=high, why=why)
