"""A plan as a calendar file (RFC 5545), which any calendar program takes in; taken in again it moves what was there."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import icalendar

PRODUCT = "-//cadre-dashboard//timetable//ZH"
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """Something that falls on a whole day. The same `uid` on another day is the same thing moved."""

    uid: str
    day: dt.date
    title: str
    detail: str


def file(name: str, days: Iterable[Day], stamp: dt.datetime) -> bytes:
    """Write days as all-day events under a calendar's name; `stamp` (in UTC) says when they were so."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", " ".join(name.split()))
    for each in days:
        calendar.add_component(_event(each, stamp))
    return bytes(calendar.to_ical())


def _event(each: Day, stamp: dt.datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", each.uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", each.day)
    event.add("dtend", each.day + A_DAY)
    event.add("summary", each.title)
    event.add("description", each.detail)
    event.add("transp", "TRANSPARENT")
    return event
