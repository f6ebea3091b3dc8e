"""What a text of posts means: the units it names, the titles in each, their role, level and rank."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data.cell import Problem
from data.matching import PLACES, Register, Titles, Unit

_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
_BETWEEN = re.compile(r"[、，,；;]\s*(?![^（(]*[）)])")
LEADING = ("secretary", "chief", "deputy")
RANK_ONLY = "other"
"""The role of whoever has a civil-service rank and no title."""

STUDY = Problem(
    "This is time of study; no post was made of it.",
    "此段为学习经历，不作为任职导入。",
    "Nothing is to be done.",
    "无需处理。",
)
NO_UNIT = Problem(
    "No unit in the list has the name that this begins with.",
    "机构信息中没有与此处开头相符的单位。",
    "Add the unit to the list, or write its full name; a post elsewhere needs nothing.",
    "请在机构信息中补充该单位，或写明单位全称；外地任职无需处理。",
)
NO_ROLE = Problem(
    "The unit was found; what role the title has was not.",
    "单位已识别，但无法判断职务的成员类别。",
    "Write the unit's full name and the usual title, or add the title to data/maps/personnel_file.toml.",
    "请写明单位全称和规范职务名称，或在 data/maps/personnel_file.toml 中补充该职务。",
)


@dataclass(frozen=True, slots=True)
class Held:
    """Posts in one unit: the units that its name may mean, the titles, and all that was written."""

    units: tuple[Unit, ...]
    titles: list[str]
    written: list[str]


@dataclass(frozen=True, slots=True)
class Class:
    """What a table says of a post beside its title: chief, deputy or other; whether in the team; leading or not."""

    kind: str = ""
    in_team: bool = False
    leading: str = ""

    def role(self, told: str | None) -> str | None:
        """The role in the team, where `told` is what the title says; None where the two leave it open."""
        match self.kind:
            case "chief":
                return "secretary" if told == "secretary" else "chief"
            case "deputy":
                return "deputy"
            case "other" if told in LEADING:
                told = None
        return told or ("member" if self.in_team else "other" if self.leading == "not" else None)


@dataclass(frozen=True, slots=True)
class Post:
    """Posts in one unit as one row: unit, title, role, and level, rank and secondment where the words say them."""

    unit: Unit
    title: str
    role: str
    level: str
    rank: str
    seconded: bool


def by_unit(duty: str, units: Register, titles: Titles, within: Sequence[Unit] = ()) -> list[Held]:
    """The posts under the units they are in; a title alone is in the unit named before it, the first one `within`."""
    groups = [Held(tuple(within), [], [])] if within else []
    for segment in filter(None, map(str.strip, _BETWEEN.split(duty))):
        found, title = _begins(titles.lead_in.sub("", segment), units, within)
        if groups and (found == groups[-1].units or (not found and _goes_on(groups[-1], segment, titles))):
            groups[-1].titles.append(title)
            groups[-1].written.append(segment)
        else:
            groups.append(Held(found, [title], [segment]))
    return [group for group in groups if group.written]


def _begins(text: str, units: Register, within: Sequence[Unit]) -> tuple[tuple[Unit, ...], str]:
    """The units that a text begins with; those `within` the units that are known anyway before their namesakes."""
    found, rest = units.begins(text)
    near = tuple(unit for unit in found if {unit, *units.above(unit)} & set(within))
    return near or found, rest


def _goes_on(held: Held, segment: str, titles: Titles) -> bool:
    """Whether a text that names no unit is a title in the same units, the first one or a further."""
    plain = _plain(segment, titles)
    known = not held.units or titles.rank.fullmatch(plain) or titles.role([plain], held.units[0].body)
    return bool(known) or not held.written


def post(held: Held, titles: Titles, said: Class | None = None) -> Post | Problem:
    """The one row that the posts in a unit make, or why they make none; `said` is what a table tells beside them."""
    ranks = [title for title in held.titles if titles.rank.fullmatch(_plain(title, titles))]
    others = [title for title in held.titles if title not in ranks] or ranks
    role = _role(others, ranks, held, titles, said or Class())
    if isinstance(role, Problem):
        return role
    return Post(
        unit=held.units[0],
        title="、".join(titles.lead_in.sub("", title) or title for title in others),
        role=role,
        level=next((found[1] for found in map(titles.level.search, held.titles) if found), ""),
        rank=ranks[0] if ranks else "",
        seconded=bool(titles.secondment.search("、".join(held.written))),
    )


def _role(posts: Sequence[str], ranks: Sequence[str], held: Held, titles: Titles, said: Class) -> str | Problem:
    """The role in the one unit that is meant, or why the posts cannot land."""
    studies = titles.study.search("、".join(held.written))
    if len(held.units) > 1:
        return several(held.units)
    if not held.units:
        return STUDY if studies else NO_UNIT
    role = said.role(titles.role([_plain(title, titles) for title in posts], held.units[0].body))
    return role or (RANK_ONLY if ranks else STUDY if studies else _no_role(held.units[0]))


def _no_role(unit: Unit) -> Problem:
    """What is said where no role is known: a place is hardly what was meant, only what the name begins with."""
    if unit.body not in PLACES:
        return NO_ROLE
    return Problem(
        f"Only {unit.name} was recognised; what follows is neither a unit below it nor a title that is known there.",
        f"仅识别出“{unit.name}”；其后文字既不是机构信息中的下属单位，也不是已知职务。",
        "Add the unit to the list, or write its full name; of a post in the place itself write the usual title.",
        "请在机构信息中补充该单位，或写明单位全称；如确为本级职务，请写规范职务名称。",
    )


def _plain(title: str, titles: Titles) -> str:
    """A title as roles are told by it: without brackets and what leads in to it."""
    bare = _BRACKETS.sub("", title).strip()
    return titles.lead_in.sub("", bare) or bare


def several(found: Sequence[Unit]) -> Problem:
    """What is said where a name is that of more than one unit."""
    codes = "、".join(unit.code for unit in found)
    return Problem(
        f"More than one unit has the name that this begins with: {codes}.",
        f"有多个单位与此处开头相符：{codes}。",
        "Write the unit's full name, with the county it belongs to.",
        "请写明单位全称（含所属县、市、区）。",
    )
