"""Every question on up and down and protection against a count in plain Python, on random rosters and decisions."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from data.access import LOCAL
from queries import building, warehouse
from tests.counting.age_ladder import City
from tests.counting.up_down import EFFECTS, QUESTIONS, REASONS, Decision, Life, Stage
from tests.counting.welfare import Use
from tests.random_cities import (
    agree,
    career,
    land,
    on_random_cities,
    person,
    rarely,
    some_month,
    taken,
    throw,
    tree,
)  # fmt: skip

pytestmark = pytest.mark.promise("answers.brute_force")

BODIES = ("township", "county_leadership", "municipal_department")
WAYS = sorted({way for rule in EFFECTS for way in rule["ways"].split("|")})
COURSES = {
    "tolerance": ("accepted", "verified", "decided", "informed"),
    "correction": ("accepted", "corrected"),
    "clearing": ("accepted", "verified", "decided", "cleared"),
}
UNKNOWN = "nobody"
NO_TRIGGER = (False, None, None)


def city(seed: int, people: int) -> City:
    """A small city in some month."""
    dice = throw(seed, "up_down")
    units = tree(dice)
    codes = [f"P{number:02d}" for number in range(people)]
    places = [unit for unit in units if unit.body in BODIES]
    own = {code: throw(seed, code) for code in codes}
    members = [person(own[code], code) for code in codes]
    held = [each for code in codes for each in career(own[code], code, places, 202610)]
    once = {(each.person_id, each.unit_id, each.post, each.start): each for each in held}
    return City(dice.choice((202512, 202610)), units, members, list(once.values()), [])


def day(dice: Random, at: int) -> int:
    """A date in a month, known to the day more often than not."""
    return at * 100 + dice.choice((0, 1, 9, 16, 28))


def decisions(dice: Random, code: str) -> list[Decision]:
    """What was decided on somebody, some of it after the data month."""
    made = []
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        at = some_month(dice, 201801, 202612)
        lifted = dice.choice((None, None, some_month(dice, at, 202701)))
        made.append(
            Decision(code, day(dice, at), dice.choice(WAYS), dice.choice([*REASONS]), lifted and day(dice, lifted))
        )
    return list({each[:3]: each for each in made}.values())


def stages(dice: Random, code: str, place: int) -> Iterator[Stage]:
    """How far a case of somebody came; now and then a stage is left out or lies before the one it follows."""
    kind, at = dice.choice(("tolerance", "clearing")), some_month(dice, 202401, 202610) * 100 + 10
    for of in (kind, "correction") if kind == "tolerance" and dice.random() < 0.6 else (kind,):
        for stage in COURSES[of]:
            upheld = dice.random() < 0.6 if stage == "decided" else None
            if dice.random() < 0.85:
                yield Stage(f"C{place}", code, of, stage, rarely(dice, at // 100 * 100, at), upheld)
            at = later(at, rarely(dice, -5, 0, 3, 12, 25, 60))


def later(date: int, days: int) -> int:
    """A date so many days on, all months having 28."""
    count = (date // 10_000 * 12 + date // 100 % 100 - 1) * 28 + date % 100 - 1 + days
    year, rest = divmod(count // 28, 12)
    return year * 10_000 + (rest + 1) * 100 + count % 28 + 1


def talks(dice: Random, code: str) -> list[Use]:
    """The talks that somebody had."""
    years = dice.sample((2023, 2024, 2025, 2026), dice.choice((0, 1, 2, 3)))
    return [
        Use(code, year, "talk", 1, None, dice.choice((0, 1, 1)), rarely(dice, None, held), *NO_TRIGGER)
        for year in years
        for held in [day(dice, some_month(dice, year * 100 + 1, year * 100 + 12))]
    ]


def build(
    given: City, decided: list[Decision], reached: list[Stage], talked: list[Use], root: Path
) -> warehouse.Warehouse:  # fmt: skip
    """Land and build a city under the shipped rules."""
    store = land(
        root,
        given.month,
        unit=[each._asdict() for each in given.units],
        member=[each._asdict() for each in given.members],
        posting=[each._asdict() for each in given.postings],
        step_down=[each._asdict() for each in decided],
        protection=[each._asdict() for each in reached],
        welfare_use=[each._asdict() for each in talked],
    )
    return warehouse.open_for(building.build(store), LOCAL)


def compared(seed: int, people: int) -> Iterator[str]:
    """Hold each question against the count in one city."""
    made, dice = city(seed, people), throw(seed)
    codes = [*(member.person_id for member in made.members), UNKNOWN]
    decided = [each for code in codes for each in decisions(throw(seed, code, "decided"), code)]
    reached = [each for at, code in enumerate(codes) for each in stages(throw(seed, code, "case"), code, at)]
    talked = [use for code in codes for use in talks(throw(seed, code, "talked"), code)]
    life = Life(made, decided, reached, talked)
    with tempfile.TemporaryDirectory() as folder:
        opened = build(made, decided, reached, talked, Path(folder))
        for name in [*QUESTIONS] * 3:
            given = {
                "since": dice.choice((201712, 202312, 202412)),
                "until": dice.choice((202610, 202512, 202712)),
                "as_of": some_month(dice, 202301, 202712),
                "min_group": dice.choice((1, 1, 2, 3, 5)),
                "unit": dice.choice(made.units).unit_id,
            }
            asked = taken(dice, f"up_down/{name}", given, 0.3)
            if agree(opened, f"up_down/{name}", QUESTIONS[name], life, asked, within=1e-6):
                yield name


def test_every_question_on_up_and_down_is_answered_as_a_count_one_by_one_answers_it() -> None:
    on_random_cities(compared, range(10, 26), QUESTIONS, cities=5)
