"""The units of a synthetic city as a tree of codes, and the posts of the team that leads each; named in units.toml."""

import math
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

GIVEN = tomllib.loads((Path(__file__).parent / "units.toml").read_text(encoding="utf-8"))


class Post(NamedTuple):
    """Seats of one role in a team; the unit's {head} is filled in a title, and the last title goes on.

    Every `more_of` units of the kind, `more` have one seat besides. `beside` are organ, role and title of second
    postings that come with these seats.
    """

    role: str
    rung: str
    titles: Sequence[str]
    seats: int = 1
    more: int = 0
    more_of: int = 1
    beside: Sequence[tuple[str, str, str]] = ()

    def seats_in(self, index: int) -> int:
        """The seats in the unit at this place among those of its kind."""
        more = (index + 1) * self.more // self.more_of - index * self.more // self.more_of
        return max(self.seats, len(self.titles)) + more


class Unit(NamedTuple):
    """A unit of the tree: `code` is dotted, below the city's; `region` is the county's number, 0 the city itself."""

    code: str
    name: str
    body: str
    organ: str | None = None
    region: int = 0
    head: str = ""
    team: tuple[tuple[Post, int], ...] = ()
    """Its posts, each with the number of seats."""


COUNTIES: Sequence[str] = GIVEN["counties"]
STAFF_WEIGHT: dict[str, int] = GIVEN["staff"]
POSTS = {kind: [Post(**post) for post in posts] for kind, posts in GIVEN["teams"].items()}


def tree(scale: float) -> tuple[Unit, ...]:
    """The units of a city, parents first; one with `scale` under 1 has as much less of every kind, at least one."""
    counties = COUNTIES[: math.ceil(len(COUNTIES) * scale)]
    return (
        Unit("", "示例市", "city"),
        *(Unit(f".{region:03d}", name, "county", region=region) for region, name in enumerate(counties, start=1)),
        *_county_teams(counties),
        *_county_departments(counties, scale),
        *_townships(counties, scale),
        *_municipal_departments(scale),
        *_others("enterprise", 201, scale),
        *_others("institution", 301, scale),
    )


def _county_teams(counties: Sequence[str]) -> Iterator[Unit]:
    for region, county in enumerate(counties, start=1):
        for place, (organ, called) in enumerate(GIVEN["county_leadership"].items(), start=1):
            code, head = f".{region:03d}.{place:03d}", called["head"].format(kind=county[-1])
            yield Unit(code, county + called["name"], "county_leadership", organ, region, head, _team(organ, region))


def _county_departments(counties: Sequence[str], scale: float) -> Iterator[Unit]:
    offices = _by_organ("county_department")
    for index in range(_scaled(len(COUNTIES) * len(offices), scale)):
        place, county = divmod(index, len(counties))
        name, organ = offices[place]
        code = f".{county + 1:03d}.{place + 11:03d}"
        yield _unit("county_department", index, code, counties[county] + name, organ, county + 1)


def _townships(counties: Sequence[str], scale: float) -> Iterator[Unit]:
    for index in range(_scaled(GIVEN["township"]["count"], scale)):
        place, county = divmod(index, len(counties))
        name = counties[county] + _township_name(index, district=counties[county].endswith("区"))
        yield _unit("township", index, f".{county + 1:03d}.{place + 101:03d}", name, None, county + 1)


def _township_name(index: int, *, district: bool) -> str:
    trees, places = GIVEN["township"]["trees"], GIVEN["township"]["places"]
    row, tree = divmod(index, len(trees))
    kind = "街道" if index % 3 and district else "镇" if index % 7 else "乡"
    return f"{trees[tree]}{places[(tree + row) % len(places)]}{kind}"


def _municipal_departments(scale: float) -> Iterator[Unit]:
    offices = _by_organ("municipal_department")
    for index, (name, organ) in enumerate(offices[: _scaled(len(offices), scale)]):
        yield _unit("municipal_department", index, f".{index + 101:03d}", name, organ)


def _others(body: str, first: int, scale: float) -> Iterator[Unit]:
    """Enterprises or institutions, numbered from `first` on."""
    for index, name in enumerate(GIVEN[body][: _scaled(len(GIVEN[body]), scale)]):
        yield _unit(body, index, f".{index + first:03d}", f"示例市{name}")


def _by_organ(body: str) -> list[tuple[str, str]]:
    """Name and organ of each department."""
    return [(name, organ) for organ, names in GIVEN[body].items() for name in names]


def _scaled(count: int, scale: float) -> int:
    return max(1, round(count * scale))


def _unit(body: str, index: int, code: str, name: str, organ: str | None = None, region: int = 0) -> Unit:
    return Unit(code, name, body, organ, region, GIVEN["heads"].get(name[-1], "主任"), _team(body, index))


def _team(kind: str, index: int) -> tuple[tuple[Post, int], ...]:
    return tuple((post, post.seats_in(index)) for post in POSTS[kind])
