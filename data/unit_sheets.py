"""Units from sheets that name the unit above and have no code: each gets a code, a parent, a kind, or is told about."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from data import contract, layout
from data.cell import Problem
from data.checking import NO_ROW, WARNING, Checked
from data.matching import Unit
from data.reading import Fields
from data.rosters import Draft, cells, coded, texts

AS_THEY_STAND = ("approved_chiefs", "approved_deputies", "approved_divisions", "valid_from", "valid_to")
BETWEEN = "/"
"""What stands between the names in the code of a unit that has none: 示例市/甲县/松林镇."""
TOP = "top"
DEEPEST = 40
"""Units above a unit; no tree has a quarter of it."""
KINDS = contract.load("unit").column("body").choices

NO_KIND = Problem(
    "Neither its words nor its name tell what kind of body this unit is.",
    "根据机构类别、隶属关系和名称都无法判断班子类别。",
    f"Write as its kind one of: {', '.join(each.en for each in KINDS)}; or add a rule to data/layouts/unit_kinds.toml.",
    f"请在机构类别一栏填写下列之一：{'、'.join(each.zh for each in KINDS)}；"
    "或在 data/layouts/unit_kinds.toml 中补充规则。",
)
KIND_BY_NAME = Problem(
    "The kinds of so many units were told by affiliation and name, as data/layouts/unit_kinds.toml says.",
    "若干单位（数目如左）的班子类别按隶属关系和名称判断，规则见 data/layouts/unit_kinds.toml。",
    "Look them over once.",
    "请核对一次。",
)
NO_PARENT = Problem(
    "No unit in this sheet and none that landed before has the name of the unit above.",
    "本表和已导入的单位中都没有此上级机构。",
    "Add the unit above, or correct its name; at the top of the tree leave the cell empty.",
    "请补充上级机构或更正名称；最上级单位此栏留空。",
)
SEVERAL_PARENTS = Problem(
    "More than one unit has the name of the unit above.",
    "有多个单位与上级机构名称相同。",
    "Write the codes of the units and of those above them.",
    "请填写单位编码和上级单位编码。",
)
ABOVE_NOT_LANDED = Problem(
    "The unit above did not land, so this one did not either.",
    "上级机构未导入，此单位也未导入。",
    "Mend what is said of the unit above.",
    "请先更正上级机构。",
)
PARENT_CIRCLE = Problem(
    f"The units above run in a circle, or more than {DEEPEST} deep.",
    f"上级机构循环引用，或超过{DEEPEST}层。",
    "Correct one of the names of units above.",
    "请更正其中一个上级机构名称。",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit stands: its code and kind, and those of the unit above; what keeps it out."""

    code: str = ""
    body: str = ""
    parent: str = ""
    above: str = TOP
    by_name: bool = False
    problem: Problem | None = None


class Tree:
    """The units of a sheet among those that landed before: the code, the parent and the kind of each."""

    def __init__(self, given: Fields, known: Iterable[Unit]) -> None:
        """Read the sheet; `known` are the units that landed before or come with it."""
        self.given = given
        self.known = {unit.code: unit for unit in known}
        columns = map(contract.load("unit").column, ("body", "organ"))
        self.known_bodies, self.known_organs = (column.meanings for column in columns)
        self.names = texts(given, "name")
        self.noted = [not name or bool(layout.no_row().search(name)) for name in self.names]
        self.codes, self.parent_codes = texts(given, "unit_id"), texts(given, "parent_id")
        self.parents = texts(given, "parent")
        self.kinds = [meaning or text for meaning, text in zip(coded(given, "kind"), texts(given, "kind"), strict=True)]
        self.bodies = texts(given, "body")
        meanings = zip(coded(given, "affiliation"), texts(given, "affiliation"), strict=True)
        self.affiliations = [meaning or text for meaning, text in meanings]
        self.rows = _places(self.names)
        self.by_code = {code: place for place, code in reversed(list(enumerate(self.codes))) if code}
        self.named = _named(self.known.values())
        self._done: dict[int, Place] = {}

    def place(self, at: int, below: tuple[int, ...] = ()) -> Place:
        """Where the unit of a row stands."""
        if at in below or len(below) > DEEPEST:
            return Place(problem=PARENT_CIRCLE)
        if self.noted[at]:
            return Place(problem=NO_ROW)
        if at not in self._done:
            self._done[at] = self._stands(at, self._above(at, (*below, at)))
        return self._done[at]

    def _above(self, at: int, below: tuple[int, ...]) -> Place | Problem:
        """The place of the unit above; a place without a code at the top."""
        if code := self.parent_codes[at]:
            return self.place(self.by_code[code], below) if code in self.by_code else self._landed(code)
        if not (name := contract.fold(self.parents[at])):
            return Place()
        rows = [row for row in self.rows.get(name, ()) if row != at]
        codes = self.named.get(name, set())
        if len(rows) == 1:
            return self.place(rows[0], below)
        if rows or len(codes) > 1:
            return SEVERAL_PARENTS
        return self._landed(next(iter(codes))) if codes else NO_PARENT

    def _landed(self, code: str) -> Place:
        unit = self.known.get(code)
        return Place(code, unit.body if unit else "")

    def _stands(self, at: int, above: Place | Problem) -> Place:
        if isinstance(above, Problem):
            return Place(problem=above)
        if above.problem:
            return above if above.problem is PARENT_CIRCLE else Place(problem=ABOVE_NOT_LANDED)
        body, by_name = self._body(at, above.body if above.code else TOP)
        code = self.codes[at] or self._code(self.names[at], above.code)
        return Place(code, body, above.code, above.body, by_name, None if body else NO_KIND)

    def _code(self, name: str, parent: str) -> str:
        """The code under which the unit landed before, else its name below that of the unit above."""
        codes = self.named.get(contract.fold(name), set())
        same = [code for code in sorted(codes) if (self.known[code].parent or "") == parent]
        return same[0] if same else BETWEEN.join(filter(None, (parent, name)))

    def _body(self, at: int, above: str) -> tuple[str, bool]:
        """The kind of a unit by the words of the contract, else by the rules; whether it was by these."""
        for text in (self.bodies[at], self.kinds[at]):
            if body := self.known_bodies.get(contract.fold(text)):
                return body, False
        name, affiliation = self.names[at], self.affiliations[at]
        rule = next((rule for rule in layout.kinds() if rule.holds(name, affiliation, above)), None)
        return (rule.body, True) if rule else ("", False)

    def organ(self, at: int) -> str:
        """The nature of the organ, empty where no word tells it."""
        text = self.kinds[at]
        named = self.known_organs.get(contract.fold(text))
        return named or next((organ for organ, words in layout.organs().items() if text and words.search(text)), "")


def _places(names: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(contract.fold(name), []).append(place)
    return places


def _named(units: Iterable[Unit]) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for unit in units:
        codes.setdefault(contract.fold(unit.name), set()).add(unit.code)
    return codes


def rows(given: Fields, known: Iterable[Unit]) -> Checked:
    """The units of a sheet; `known` are those that landed before or come with it."""
    tree = Tree(given, known)
    places = [tree.place(at) for at in range(len(tree.names))]
    columns = {name: given.text[name] for name in AS_THEY_STAND if name in given.text}
    columns |= {
        "unit_id": pa.array([place.code for place in places], pa.string()),
        "name": given.text["name"],
        "parent_id": pa.array([place.parent for place in places], pa.string()),
        "body": pa.array([place.body for place in places], pa.string()),
        "organ": pa.array([tree.organ(at) for at in range(len(places))], pa.string()),
    }
    fields = {name: name for name in columns} | {
        "unit_id": "name",
        "parent_id": "parent",
        "body": "kind",
        "organ": "kind",
    }
    draft = Draft(cells(given, "unit", columns, fields), tree.names.__getitem__)
    kept_out = {at: place.problem for at, place in enumerate(places) if place.problem}
    draft.warned = {at: problem for at, problem in kept_out.items() if problem is NO_ROW}
    draft.problems = {at: problem for at, problem in kept_out.items() if problem is not NO_ROW}
    guessed = sum(place.by_name for place in places)
    told = (
        [draft.cells.finding(draft.cells.heading_row, "body", str(guessed), WARNING, KIND_BY_NAME)] if guessed else []
    )
    draft.cells = dataclasses.replace(draft.cells, findings=(*given.findings, *told))
    return _without_those_below(draft, places)


def _without_those_below(draft: Draft, places: Sequence[Place]) -> Checked:
    """The good rows, less those below a unit that its cells keep out."""
    while True:
        checked = draft.checked()
        out = {place.code for place in places if place.code}.difference(checked.table["unit_id"].to_pylist())
        below = [at for at, place in enumerate(places) if place.parent in out and at not in draft.problems]
        if not below:
            return checked
        draft.problems |= dict.fromkeys(below, ABOVE_NOT_LANDED)
