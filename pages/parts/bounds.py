"""One way of saying between which numbers a figure lies while some records are not known: 18.2% (17.9–18.6%, why)."""

from collections.abc import Callable, Mapping
from typing import Any

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


def have(target: Mapping[str, Any], say: Words) -> str:
    """Say how many count for a target, a row of age_ladder/quota with the columns of age_ladder/bounds."""
    counted = int(target["have"])
    return people(counted, (counted, int(target["have_high"])), why(target, say), say)


def why(target: Mapping[str, Any], say: Words) -> str:
    """Say what is not known that decides who counts for such a target, and of how many people."""
    number = int(target["unknown"])
    if not target["parties"]:
        return say.count("the birth of {n} person is not known", "the births of {n} people are not known", number)
    if not target["births"]:
        return say.count(
            "the political status of {n} person is not known", "the political status of {n} people is not known", number
        )
    return say.count(
        "the birth or political status of {n} person is not known",
        "the birth or political status of {n} people is not known",
        number,
    )


def _said(figure: float, between: Bounds, write: Callable[[float], str], why: str, say: Words) -> str:
    value, low, high = write(figure), write(between[0]), write(between[1])
    if value == low == high:
        return value
    return say("{value} ({low}–{high}, {why})").format(value=value, low=low.removesuffix("%"), high=high, why=why)
