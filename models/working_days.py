"""Which days are worked: weekends, the holidays that the State Council publishes, and the weekends made up for them.

A year's holidays are published in the autumn before (国务院办公厅, 部分节假日安排的通知). They come from the package
chinesecalendar, which knows the published years; in a later year only weekends are days off.
"""

import datetime as dt
import functools
from dataclasses import dataclass

import chinese_calendar

A_DAY = dt.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off beside weekends, weekend days that are worked, and the last day for which both are published."""

    days_off: frozenset[dt.date]
    made_up: frozenset[dt.date]
    published_to: dt.date

    def works(self, day: dt.date) -> bool:
        """Whether a day is worked."""
        return day in self.made_up or (day.weekday() < SATURDAY and day not in self.days_off)

    def on_or_before(self, day: dt.date) -> dt.date:
        """The last working day up to a day, that day included."""
        return day if self.works(day) else self.on_or_before(day - A_DAY)

    def on_or_after(self, day: dt.date) -> dt.date:
        """The first working day from a day on, that day included."""
        return day if self.works(day) else self.on_or_after(day + A_DAY)

    def moved(self, day: dt.date, days: int) -> dt.date:
        """The working day `days` working days after a day (before it, where negative), that day not counted."""
        for _ in range(abs(days)):
            day = self.on_or_after(day + A_DAY) if days > 0 else self.on_or_before(day - A_DAY)
        return day

    def count(self, first: dt.date, last: dt.date) -> int:
        """How many working days lie between two days, both included."""
        return sum(self.works(first + place * A_DAY) for place in range((last - first).days + 1))


@functools.cache
def published() -> Calendar:
    """The calendar as far as it has been published."""
    every = sorted([*chinese_calendar.holidays, *chinese_calendar.workdays])
    last = dt.date(every[-1].year, 12, 31)
    return Calendar(frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays), last)
