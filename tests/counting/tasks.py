"""The register of clauses counted in plain Python: which measures are in force, and how those of a point are served."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

Rows = list[tuple[Any, ...]]


class Measure(NamedTuple):
    """A measure of a policy as one row of the rules says it, from a month until another."""

    measure_id: str
    place: int
    paper: str
    point: int
    served: str
    questions: str | None
    why_en: str | None
    every: int
    indicator: str | None
    most: int | None
    valid_from: int
    valid_to: int | None


def measure(listed: Sequence[Measure], as_of: int) -> Rows:
    """The rows in force, by their place in the list."""
    in_force = sorted(_in_force(listed, as_of), key=lambda each: (each.place, each.measure_id))
    return [
        (
            each.measure_id, each.paper, each.point, each.served, each.questions, each.why_en, each.every,
            each.indicator, each.most,
        )
        for each in in_force
    ]  # fmt: skip


def point(listed: Sequence[Measure], as_of: int) -> Rows:
    """Every point that has a measure in force: how many, and how many of them are served, in part, not."""
    served: dict[tuple[str, int], list[str]] = {}
    for each in _in_force(listed, as_of):
        served.setdefault((each.paper, each.point), []).append(each.served)
    return [
        (*key, len(states), *(states.count(state) for state in ("yes", "partly", "no")))
        for key, states in sorted(served.items())
    ]


def _in_force(listed: Sequence[Measure], as_of: int) -> Iterator[Measure]:
    for each in listed:
        if each.valid_from <= as_of and not (each.valid_to and each.valid_to <= as_of):
            yield each


QUESTIONS = {
    "measure": (measure, "measure_id paper point coverage questions why_en every watched most"),
    "point": (point, "paper point measures whole part unserved"),
}
