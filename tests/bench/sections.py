"""What is measured of a city, section by section, each in a process of its own."""

from collections.abc import Callable, Mapping

from data.speeds import Row
from tests.bench import (
    charts,
    clock,
    crowds,
    exporting,
    importing,
    making,
    outlook,
    page,
    paint,
    parts,
    questions,
)
from tests.bench.run import City

MAKING = "making"
SECTIONS: Mapping[str, Callable[[City], list[Row]]] = {
    MAKING: lambda city: making.measure(city.folder, city.people),
    "a changed month": lambda city: clock.apart(making.change_a_month, city.folder),
    "questions": lambda city: clock.apart(questions.measure, city.folder, city.rounds, city.people),
    "import": lambda city: importing.measure(city.people),
    "export": lambda city: clock.apart(exporting.measure, city.folder, city.rounds),
    "briefing": lambda city: clock.apart(exporting.measure_briefing, city.folder),
    "outlook": lambda city: clock.apart(outlook.measure, city.folder),
    "charts": lambda city: charts.measure(city.folder),
    "pages": lambda city: clock.apart(page.measure, city.folder, city.now),
    "many readers": lambda city: clock.apart(crowds.measure, city.folder, city.now),
    "behind a proxy": lambda city: clock.apart(crowds.measure_behind_proxy, city.folder, city.now),
    "first paint": lambda city: clock.apart(paint.measure, city.folder),
    "parts of a page": lambda city: clock.apart(parts.measure, city.folder, city.now),
}
"""The first makes the city that the others are measured on."""
ONCE = frozenset(("briefing", "charts", "many readers", "behind a proxy", "first paint", "parts of a page"))
"""What takes minutes and hardly asks how large a city is, or is only asked of a city, as a briefing is: measured of the
smallest of a run, else where it is named."""
