"""Sheets that name people and units as people do, under their layouts: each row lands or is told about.

花名册, the import workbook of the civil-service system, exports by information sets. Who is meant is told by the one
rule of `people`; within a workbook a row without an ID number is of the person with the same name, sex and birth,
within an export of the one with the same A0000.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data import cell, contract, layout, matching, month, people
from data.cell import CODE_AS_NUMBER, Problem, Value
from data.checking import ERROR, NO_ROW, WARNING, Cells, Checked, Finding, check, typed
from data.matching import IdNumber
from data.people import BIRTH_TAKEN, NOT_TOLD_APART, WITHOUT_NUMBER, WRONG_NUMBER, Claim, Note, Verdict
from data.reading import Fields

FEWEST_FILLED = 2
"""Of the fields that tell a row, how many must be filled for it to be meant as one."""
TELLING = ("name", "sex", "birth", "id_number", "person_key", "person_id", "unit", "duty", "post", "start", "year")
AS_THEY_STAND = {
    "member": ("sex", "birth", "work_start", "identity", "retire_month", "age_limit", "growth_place"),
    "posting": ("start", "end", "end_reason", "exchange_reason", "programme"),
    "assessment": ("year", "grade", "kind", "occasion", "category", "score", "rewarded"),
}
"""The columns of each source that are read from a field of their own name."""

SEX_TAKEN = Problem(
    "The row gives no sex; it was taken from the ID number.",
    "表中未填性别，按身份证号取得。",
    "Fill in the sex.",
    "请补填性别。",
)


@dataclass(slots=True)
class Draft:
    """Rows on their way to one source: what keeps rows out and what is to be said of them, by place in the cells.

    `warned` rows are kept out too, and nothing is wrong with them. `written` gives what findings show of a row; `ready`
    is what all rows together were found to be, where they were checked before.
    """

    cells: Cells
    written: Callable[[int], str]
    problems: dict[int, Problem] = field(default_factory=dict)
    warned: dict[int, Problem] = field(default_factory=dict)
    notes: list[tuple[int, Note]] = field(default_factory=list)
    ready: Checked | None = None

    def checked(self) -> Checked:
        """The good rows, typed, and everything found, without ID numbers."""
        good = np.ones(len(self.cells.rows), bool)
        good[[*self.problems, *self.warned]] = False
        checked = self.ready.only(self.cells.rows[good]) if self.ready else check(self.cells.only(good))
        told = (*self.cells.findings, *self._told(), *self._unread(), *checked.findings)
        return dataclasses.replace(checked, cells=self.cells, findings=told)

    def _unread(self) -> Iterator[Finding]:
        """What cannot be read of rows that for want of it are nobody's."""
        nobody = np.zeros(len(self.cells.rows), bool)
        nobody[[place for place, problem in self.problems.items() if problem is NOT_TOLD_APART]] = True
        if nobody.any():
            found = check(self.cells.only(nobody)).findings
            yield from (each for each in found if each.value and each.severity == ERROR)

    def _told(self) -> Iterator[Finding]:
        rows = self.cells.rows
        for place, (column, value, problem) in self.notes:
            yield self.cells.finding(int(rows[place]), column, value, WARNING, problem)
        for severity, problems in ((ERROR, self.problems), (WARNING, self.warned)):
            for place, problem in problems.items():
                yield self.cells.finding(int(rows[place]), "", self.written(place), severity, problem)


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """One sheet that names people: by row the name, sex and birth, the ID number and whom the row claims to be of.

    `written` is the text of number, birth and sex. `damaged` is true where an ID number lost digits, `no_rows` on
    totals, notes and titles between parts of a table. `draft` are its rows of people, if it lists any.
    """

    given: Fields
    names: Sequence[str]
    sexes: Sequence[Value | None]
    births: Sequence[Value | None]
    numbers: Sequence[IdNumber | None]
    damaged: NDArray[np.bool_]
    written: Mapping[str, Sequence[str]]
    claims: Sequence[Claim]
    no_rows: NDArray[np.bool_]
    draft: Draft | None = None

    @property
    def lists_people(self) -> bool:
        """Whether its rows are rows of people, and not only of their posts or years."""
        return "member" in self.given.layout.fills

    def alike(self, place: int) -> tuple[str, str, int]:
        """What a row is told by within its workbook, where it has no ID number."""
        birth = self.births[place]
        return self.names[place], str(self.sexes[place] or ""), month.of(int(str(birth or 0)))


def roster(given: Fields, key: bytes, whose: Mapping[str, str]) -> Roster:
    """A sheet with whom its rows claim to be of; `whose` holds person codes by label, as file/sheet/row."""
    names = [matching.same_name(matching.without_numbers(text)) for text in texts(given, "name")]
    damaged = _damaged(given)
    written = zip(texts(given, "id_number"), damaged, strict=True)
    numbers = [matching.id_number(text) if text and not out else None for text, out in written]
    sexes, births, works = (_typed(given, name) for name in ("sex", "birth", "work_start"))
    said = zip(names, sexes, births, works, strict=True)
    rows = zip(labels(given), texts(given, "person_id"), numbers, said, strict=True)
    claims = [_claim(key, whose.get(label), label, code, number, says) for label, code, number, says in rows]
    no_rows = _no_rows(given)
    for place in np.flatnonzero(no_rows):
        claims[place] = Claim(claims[place].label, None)
    said_of = {name: texts(given, name) for name in ("id_number", "birth", "sex")}
    made = Roster(given, names, sexes, births, numbers, damaged, said_of, claims, no_rows)
    return _drafted(made) if made.lists_people else made


def _drafted(given: Roster) -> Roster:
    """A sheet of people with its rows of them, and of each claim if its cells let it land."""
    draft = _member_draft(given)
    draft.ready = check(draft.cells)
    good = np.isin(given.given.rows, draft.ready.rows).tolist()
    claims = [
        claim if sound else dataclasses.replace(claim, sound=False)
        for claim, sound in zip(given.claims, good, strict=True)
    ]
    return dataclasses.replace(given, claims=claims, draft=draft)


def _damaged(given: Fields) -> NDArray[np.bool_]:
    """Where an ID number stands in a number cell, which does not keep all of its digits."""
    lengths = np.array([len(text) for text in texts(given, "id_number")], np.int64)
    none = np.zeros(len(given.rows), bool)
    return np.asarray(given.numeric.get("id_number", none) & (lengths > cell.EXACT_DIGITS))


def labels(given: Fields) -> list[str]:
    """What findings and people call each row: file/sheet/row."""
    begins = "/".join(filter(None, (given.found.file, given.found.sheet)))
    return [f"{begins}/{row}" for row in given.rows.tolist()]


def _claim(
    key: bytes,
    decided: str | None,
    label: str,
    code: str,
    number: IdNumber | None,
    said: tuple[str, Value | None, Value | None, Value | None],
) -> Claim:
    """The claim of a row: under a code that people decided on, else by ID number, by its own code, by what it says."""
    name, sex, birth, work = said
    if number:
        sex, birth = sex or number.sex, birth or number.birth
    code = decided or ("" if number else code)
    person = people.called(code, name, sex, birth, work) if code else people.told(key, number, name, sex, birth, work)
    return Claim(label, person, decided is not None)


def texts(given: Fields, name: str) -> list[str]:
    """The text of a field by row; empty where the sheet has no such field."""
    return given.text[name].to_pylist() if name in given.text else [""] * len(given.rows)


def coded(given: Fields, name: str) -> list[str | None]:
    """What the table of codes says of a field by row; empty where nothing is written, None where it knows it not."""
    known = {"": "", **layout.values(name)}
    meanings = {text: known.get(contract.fold(text)) for text in set(texts(given, name))}
    return [meanings[text] for text in texts(given, name)]


def _typed(given: Fields, name: str) -> list[Value | None]:
    """The values of a field, read as the column of people of its name."""
    if name not in given.text:
        return [None] * len(given.rows)
    of_people = cells(given, "member", {name: given.text[name]}, {name: name})
    values: list[Value | None] = typed(of_people, name).to_pylist()
    return values


def _no_rows(given: Fields) -> NDArray[np.bool_]:
    filled = np.zeros(len(given.rows), np.int64)
    for name in TELLING:
        if name in given.text:
            filled += np.array([bool(text) for text in texts(given, name)], bool)
    begins = layout.no_row()
    first = next((name for name in ("name", "unit") if name in given.text), "name")
    noted = [bool(begins.search(text)) or text.isdecimal() for text in texts(given, first)]
    out: NDArray[np.bool_] = np.logical_or(filled < FEWEST_FILLED, np.array(noted, bool))
    return out


def cells(
    given: Fields,
    source: str,
    columns: Mapping[str, pa.Array],
    fields: Mapping[str, str],
    of: NDArray[np.int64] | None = None,
) -> Cells:
    """Cells of a source; `fields` says which field a column is read from, `of` of which row of the sheet each is."""
    file, sheet = given.found.file, given.found.sheet
    headings = {column: given.headings[name] for column, name in fields.items() if name in given.headings}
    dates = {column.name for column in contract.load(source).columns if column.type in {"date", "month"}}
    numeric = {at: given.numeric[name] for at, name in fields.items() if at in dates and name in given.numeric}
    if of is None:
        made = Cells(file, sheet, contract.load(source), pa.table(dict(columns)), given.rows)
    else:
        rows = np.arange(1, len(of) + 1, dtype=np.int32)
        origins = tuple((file, row) for row in given.rows[of].tolist())
        made = Cells(file, sheet, contract.load(source), pa.table(dict(columns)), rows, origins=origins)
        numeric = {column: mask[of] for column, mask in numeric.items()}
    at = given.found.heading_row
    return dataclasses.replace(made, heading_row=at, headings=headings, numeric=numeric, until=given.until)


def members(given: Roster, verdicts: Sequence[Verdict]) -> Checked:
    """The rows of people of a sheet, after it was settled who they are."""
    draft = given.draft or _member_draft(given)
    once: dict[Problem, int] = {}
    for place, (claim, verdict) in enumerate(zip(given.claims, verdicts, strict=True)):
        if given.no_rows[place]:
            draft.warned[place] = NO_ROW
        elif claim.person is None:
            draft.problems[place] = NOT_TOLD_APART
        elif verdict.first:
            kept_out = draft.warned if agrees(claim, verdict.first) else draft.problems
            kept_out[place] = same_person(claim, verdict.first)
        elif verdict.problem:
            draft.problems[place] = verdict.problem
        elif verdict.note:
            draft.notes.append((place, ("name", given.names[place], verdict.note)))
        if not given.no_rows[place]:
            _note_number(given, place, draft, once)
    draft.cells = dataclasses.replace(draft.cells, findings=(*given.given.findings, *_once(draft.cells, once)))
    return draft.checked()


def _once(cells: Cells, problems: Mapping[Problem, int]) -> Iterator[Finding]:
    """What is true of every row for want of a column, told once with the number of rows."""
    for problem, rows in problems.items():
        yield cells.finding(cells.heading_row, "", str(rows), WARNING, problem)


def _member_draft(roster: Roster) -> Draft:
    given = roster.given
    columns = {name: given.text[name] for name in AS_THEY_STAND["member"] if name in given.text}
    fields = {name: name for name in columns}
    columns["person_id"] = pa.array([claim.person.code if claim.person else "" for claim in roster.claims], pa.string())
    columns["name"] = pa.array(roster.names, pa.string())
    notes: list[tuple[int, Note]] = []
    for name, of_number in (("birth", "birth"), ("sex", "sex")):
        columns[name] = _filled_in(columns.get(name), [getattr(number, of_number, "") for number in roster.numbers])
    columns["party"] = pa.array(list(_parties(given, notes)), pa.string())
    columns["joined"] = pa.array(list(_joined(given)), pa.string())
    fields |= {
        "name": "name",
        "person_id": "id_number",
        "party": "party" if "party" in given.text else "joined",
        "joined": "joined",
    }
    return Draft(cells(given, "member", columns, fields), roster.names.__getitem__, notes=notes)


def _filled_in(column: pa.Array | None, of_numbers: Sequence[object]) -> pa.Array:
    """A column whose empty cells say what the ID number does."""
    written = [""] * len(of_numbers) if column is None else column.to_pylist()
    return pa.array([text or str(other) for text, other in zip(written, of_numbers, strict=True)], pa.string())


def _parties(given: Fields, notes: list[tuple[int, Note]]) -> Iterator[str]:
    """The political status by row, from the month of joining and the party as named; `notes` takes what is unclear."""
    dates = _typed(given, "joined")
    rows = zip(texts(given, "joined"), dates, texts(given, "party"), strict=True)
    for place, (joined, date, named) in enumerate(rows):
        party, problem = people.party(str(date) if date else joined, named)
        if problem:
            notes.append((place, ("party", joined or named, problem)))
        yield party


def _joined(given: Fields) -> Iterator[str]:
    """The date of joining by row, as it is written; of a number cell all of it."""
    written = texts(given, "joined")
    numbers = given.numeric.get("joined", np.zeros(len(written), bool))
    for text, number in zip(written, numbers, strict=True):
        yield text if number else people.joined(text)


def _note_number(given: Roster, place: int, draft: Draft, once: dict[Problem, int]) -> None:
    """What is to be said of the ID number of a row, or of its want."""
    claim, number, there = given.claims[place], given.numbers[place], given.given.text
    if number is None:
        if written := given.written["id_number"][place]:
            problem = CODE_AS_NUMBER if given.damaged[place] or "E+" in written else WRONG_NUMBER
            draft.notes.append((place, ("person_id", "", problem)))
        elif claim.person and claim.person.code.startswith(matching.BY_NAME):
            _note(draft, once, place, "person_id", WITHOUT_NUMBER, there="id_number" in there)
        return
    sex = given.written["sex"][place], given.sexes[place]
    for column, value, problem in people.beside_number(
        number, (given.written["birth"][place], given.births[place]), sex
    ):
        if problem is BIRTH_TAKEN:
            _note(draft, once, place, column, problem, there="birth" in there)
        else:
            draft.notes.append((place, (column, value, problem)))
    if not sex[0]:
        _note(draft, once, place, "sex", SEX_TAKEN, there="sex" in there)


def _note(draft: Draft, once: dict[Problem, int], place: int, column: str, problem: Problem, *, there: bool) -> None:
    if there:
        draft.notes.append((place, (column, "", problem)))
    else:
        once[problem] = once.get(problem, 0) + 1


def agrees(claim: Claim, first: Claim) -> bool:
    """Whether two claims of one person say the same name and birth."""
    return bool(claim.person and first.person) and claim.person.alike[::2] == first.person.alike[::2]  # type: ignore[union-attr]


def is_other(claim: Claim, first: Claim) -> bool:
    """Whether two claims under one code say another name and another birth: then one of the numbers is wrong."""
    one, other = claim.person, first.person
    return bool(one and other) and one.name != other.name and one.birth != other.birth  # type: ignore[union-attr]


def same_person(claim: Claim, first: Claim) -> Problem:
    """What is said of a further row of one person."""
    if agrees(claim, first):
        return Problem(
            f"The person is in {first.label} too, whose row landed; the post of this row counts all the same.",
            f"此人已在{first.label}中，人员信息以该处为准；本行职务照常处理。",
            "Nothing is to be done.",
            "无需处理。",
        )
    if is_other(claim, first):
        return people.contradicts(first.label)
    return Problem(
        f"The person is in {first.label} too, with another name or birth; that row landed, this one did not.",
        f"此人已在{first.label}中，但姓名或出生年月不同；已导入该处，本行人员信息未导入。",
        "Look which of the two the archive confirms.",
        "请按档案认定结果核实。",
    )
