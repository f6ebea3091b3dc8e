"""Whom and what a file or a row means: people by identifiers, units and titles by name. Doubt is never settled."""

import hmac
import operator
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data import contract
from data.cell import narrow

MAP = Path(__file__).parent / "maps" / "personnel_file.toml"
BY_NUMBER, BY_NAME = "ID-", "NB-"
"""How a person code begins that was made from an ID number, and from name, sex, birth and start of work."""
CODE_LENGTH = 20
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LAST_SIGNS = "10X98765432"
_NUMBER = re.compile(r"\d{17}[\dX]")
_OLD_NUMBER = re.compile(r"\d{15}")
_GAP = r"[ -]{0,2}"
_CODE = rf"(?P<code>(?:{BY_NUMBER}|{BY_NAME})[0-9a-f]{{{CODE_LENGTH}}})"
"""A person code, which is no ID number whatever digits it has."""
_IN_ONE = r"(?<!\d)\d{14,}[\dXx](?!\d)(?: ?\d{1,3}[Xx]?(?![\d.年]))?|\d\.\d{6,}[Ee]\+?1[3-8](?!\d)"
"""Of any length that a slip leaves, or as a workbook writes a long number."""
_HIDDEN = (
    r"(?<![\d*])(?=[\d* ]{0,40}(?:\d ?\*|\* ?\d))(?=[* ]{0,16}\d ?\d)"
    r"[\d*](?: {0,2}[\d*]){13,21}(?: {0,2}[Xx])?(?![\d*])"
)
"""With some signs made unreadable."""
_IN_GROUPS = (
    rf"(?<!\d)(?!(?:19|20){_GAP}\d)(?:\d{_GAP}){{6}}"
    rf"(?:1{_GAP}[89]|2{_GAP}0){_GAP}\d{_GAP}\d{_GAP}(?:0{_GAP}[1-9]|1{_GAP}[0-2]){_GAP}"
    rf"[0-3]{_GAP}\d(?:{_GAP}[\d*]){{1,5}}(?:{_GAP}[Xx])?(?![\d*])"
)
"""Region (none begins as a year does), birth and what is left of the rest."""
_LOOKS_LIKE_NUMBER = re.compile(f"{_CODE}|{_IN_ONE}|{_HIDDEN}|{_IN_GROUPS}")
_NARROWED = str.maketrans("０１２３４５６７８９＊●Ｘｘ　\t\xa0．", "0123456789**Xx   .")
SHORTEST_NUMBER = 14
"""Signs below which nothing is taken for an ID number."""
_ENCODED = re.compile(r"(?:[A-Za-z0-9+/=]{40,}+\s*+)++")
LONGEST_TOLD = 500
PARTY = "中共"
OF_A_PLACE = "县市区"
PLACES = frozenset({"city", "county"})
"""The kinds of unit that are places, under whose name other units stand."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone as others are compared with them: code, name, sex, months of birth and start of work (0 unknown)."""

    code: str
    name: str
    sex: str
    birth: int
    work: int = 0

    @property
    def alike(self) -> tuple[str, str, int]:
        """What two people may share by chance, and one person always does."""
        return (self.name, self.sex, self.birth)

    def is_nearly(self, other: "Person") -> bool:
        """Whether the births of two are known and differ in one sign, and their starts of work, where known, do not."""
        differ = sum(sign != that for sign, that in zip(str(self.birth), str(other.birth), strict=False))
        same_work = self.work == other.work or not self.work or not other.work
        return bool(self.birth and other.birth and same_work) and differ == 1


@dataclass(frozen=True, slots=True)
class IdNumber:
    """What an 18-digit ID number says, its last sign checked."""

    digits: str

    @property
    def birth(self) -> int:
        """YYYYMMDD."""
        return int(self.digits[6:14])

    @property
    def sex(self) -> str:
        """The key of the contract: male or female."""
        return "male" if int(self.digits[16]) % 2 else "female"


def id_number(text: str) -> IdNumber | None:
    """The ID number that a text is, of 15 digits or of 18 with the right last sign; else None."""
    digits = text if text.isdecimal() and text.isascii() else "".join(narrow(text).split()).upper()
    if _OLD_NUMBER.fullmatch(digits):
        longer = f"{digits[:6]}19{digits[6:]}"
        digits = longer + _last_sign(longer)
    right = _NUMBER.fullmatch(digits) and _last_sign(digits) == digits[17]
    return IdNumber(digits) if right and _is_day(digits[6:14]) else None


def _last_sign(digits: str) -> str:
    return _LAST_SIGNS[sum(map(operator.mul, map(int, digits[:17]), _WEIGHTS)) % 11]


def _is_day(digits: str) -> bool:
    return "18" <= digits[:2] <= "20" and "01" <= digits[4:6] <= "12" and "01" <= digits[6:8] <= "31"


def code(key: bytes, begins: str, *identifiers: str) -> str:
    """A person code that says nothing of the identifiers to whoever has not the key."""
    digest = hmac.digest(key, "\n".join(identifiers).encode(errors="replace"), "sha256").hex()
    return begins + digest[:CODE_LENGTH]


def same_name(text: str) -> str:
    """A name as it is kept: 张　三 is 张三, a name in letters keeps its single spaces."""
    plain = " ".join(text.replace("\u3000", " ").split())
    return plain.replace(" ", "") if re.search("[\u3400-\u9fff]", plain) else plain


def without_numbers(text: str) -> str:
    """A text in which nothing looks like an ID number any more, be it damaged, in groups or half made unreadable."""
    if len(text) < SHORTEST_NUMBER:
        return text
    told, end = "", 0
    for found in _LOOKS_LIKE_NUMBER.finditer(text.translate(_NARROWED)):
        if not found["code"]:
            told, end = f"{told}{text[end : found.start()]}[ID]", found.end()
    return told + text[end:]


def masked(text: str) -> str:
    """A text as a finding may show it: without ID numbers and pictures, and not without end."""
    told = _ENCODED.sub(lambda found: f"[{len(found[0])}]", without_numbers(text))
    return told if len(told) <= LONGEST_TOLD else f"{told[:LONGEST_TOLD]}… [{len(told)}]"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as names are matched: its code, name, parent, kind of body and nature of organ."""

    code: str
    name: str
    parent: str | None
    body: str
    organ: str | None


class Register:
    """The units by every way to write their names in full."""

    def __init__(self, units: Iterable[Unit], written_out: Mapping[str, str]) -> None:
        """Know these units, the later one of a code is right; `written_out` gives the short for the full of a word."""
        self.units = {unit.code: unit for unit in units}
        self.written_out = written_out

    def begins(self, text: str) -> tuple[tuple[Unit, ...], str]:
        """The units that the longest name at the beginning of a text may mean, and the text after it."""
        plain = self._short(text).removeprefix(PARTY)
        folded = contract.fold(plain)
        plain = plain if len(folded) == len(plain) else folded
        for length in range(min(self._longest, len(plain)), 0, -1):
            if codes := self._names.get(folded[:length]):
                return tuple(self.units[each] for each in sorted(codes)), plain[length:]
        return (), text

    def whole(self, text: str) -> tuple[Unit, ...]:
        """The units that a text is the whole name of."""
        found, rest = self.begins(text)
        return () if rest.strip() else found

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        names: dict[str, set[str]] = {}
        for unit in self.units.values():
            for name in self._written(unit):
                short = contract.fold(self._short(name)).removeprefix(PARTY)
                names.setdefault(short, set()).add(unit.code)
        return names

    def _short(self, text: str) -> str:
        for full, short in self.written_out.items():
            text = text.replace(full, short)
        return text

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._names), default=0)

    def _written(self, unit: Unit) -> set[str]:
        """A unit's own name and that name below each of the places above it: 松林镇, 甲县松林镇, 示例市甲县松林镇."""
        written = {unit.name}
        for above in self.above(unit):
            rest = unit.name.removeprefix(above.name)
            if rest and above.body in PLACES:
                for place in self._written(above):
                    written |= _below(place, rest, party=unit.organ == "party")
        return written

    def above(self, unit: Unit) -> list[Unit]:
        """The units above one, the nearest first."""
        chain: list[Unit] = []
        parent = self.units.get(unit.parent or "")
        while parent and parent not in chain:
            chain.append(parent)
            parent = self.units.get(parent.parent or "")
        return chain


def _below(place: str, rest: str, *, party: bool) -> set[str]:
    """甲县 + 委: 甲县委, 甲县县委; 示例市 + 市财政局: 示例市财政局; 甲县 + 组织部: 甲县委组织部, 甲县县委组织部."""
    kind = place[-1]
    written = {place + rest}
    if kind in OF_A_PLACE:
        rest = rest.removeprefix(kind)
        written |= {place + rest, place + kind + rest}
        if party and not rest.startswith("委"):
            written |= {f"{place}委{rest}", f"{place}{kind}委{rest}"}
    return written


@dataclass(frozen=True, slots=True)
class Titles:
    """What the words of a post mean, as data/maps/personnel_file.toml says."""

    study: re.Pattern[str]
    secondment: re.Pattern[str]
    lead_in: re.Pattern[str]
    rank: re.Pattern[str]
    level: re.Pattern[str]
    without_divisions: frozenset[str]
    written_out: Mapping[str, str]
    roles: Mapping[str, re.Pattern[str]]

    @classmethod
    def load(cls, path: Path = MAP) -> "Titles":
        """The map, its expressions compiled."""
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        roles = {role: re.compile("|".join(patterns)) for role, patterns in given["roles"].items()}
        words = {name: re.compile(given[name]) for name in ("study", "secondment", "lead_in", "rank", "level")}
        divisions = frozenset(given["without_divisions"])
        return cls(**words, without_divisions=divisions, written_out=given["written_out"], roles=roles)

    def role(self, titles: Sequence[str], body: str) -> str | None:
        """The first role that any of the titles has in a unit of this kind; None where none is known."""
        for role, pattern in self.roles.items():
            if role.startswith("division_") and body in self.without_divisions:
                continue
            if any(pattern.fullmatch(title) for title in titles):
                return role
        return None
