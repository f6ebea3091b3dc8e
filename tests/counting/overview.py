"""The overview's questions, counted in plain Python from the lines of the age ladder's ledger."""

from collections import Counter

from tests.counting.age_ladder import Count, Rows, judged

COLOURS = ((0, "green"), (1, "blue"), (3, "yellow"), (4, "red"))
"""The targets missed from which a colour begins, as shipped."""


def status(count: Count, as_of: int, unit: str | None) -> Rows:
    """How many targets a unit, and each right below it, meets and misses, and the colour of that."""
    tops = [each.unit_id for each in count.city.units if each.parent_id is None]
    whole = tops[0] if len(tops) == 1 else None
    places = [(unit or whole, "self"), *((below, "below") for below in count.below(unit))]
    lines = {
        place: [line for row in count.valid(as_of) if (line := judged(count, row, place[0], as_of))[0]]
        for place in places
    }
    return [(*place, *_tally(Counter(line[-1] for line in lines[place]))) for place in places if lines[place]]


def quality(count: Count, found: list[tuple[str, str]], as_of: int) -> Rows:
    """How many people in post have a birth that is missing or known to the year, and how many records each check found.

    `found` names source and rule of every finding.
    """
    births = [each.birth for each in count.city.members if count.primary(each.person_id, as_of)]
    gaps = {
        ("member", "birth_missing"): sum(birth is None for birth in births),
        ("member", "birth_month_missing"): sum(birth is not None and birth % 10000 == 0 for birth in births),
    }
    return [(*key, number) for key, number in sorted((gaps | Counter(found)).items())]


def _tally(statuses: Counter[str]) -> tuple[int | str, ...]:
    colour = [name for missed, name in COLOURS if missed <= statuses["missed"]][-1]
    return statuses.total(), statuses["met"], statuses["at_risk"], statuses["missed"], colour
