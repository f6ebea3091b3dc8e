"""From personnel files to the rows of three sources: people, postings, assessments; each line lands or is told."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from data import cell, contract, lrmx, matching, month, people, posts, resume
from data.bundle import Bundle, File
from data.cell import Problem
from data.checking import ANY_TIME, ERROR, WARNING, Cells, Checked, Finding, Until, check
from data.lrmx import PersonFile, PersonnelFileError
from data.matching import IdNumber, Person, Register, Titles
from data.people import NOT_TOLD_APART, WITHOUT_NUMBER, WRONG_NUMBER, Claim, Verdict
from data.posts import STUDY, Post

CAREER, ASSESSED = "简历", "年度考核"
TAGS = {
    "member": {
        "person_id": "ShenFenZheng",
        "name": "XingMing",
        "sex": "XingBie",
        "birth": "ChuShengNianYue",
        "party": "RuDangShiJian",
        "retire_month": "DaoLingNianYue",
        "age_limit": "GaiGeQianRenZhiNianLingJieXian",
        "work_start": "CanJiaGongZuoShiJian",
        "joined": "RuDangShiJian",
    },
    "posting": dict.fromkeys(("person_id", "unit_id", "post", "role", "level", "rank", "start", "end"), CAREER)
    | dict.fromkeys(("primary", "counted", "exchange_kind"), CAREER),
    "assessment": dict.fromkeys(("person_id", "year", "grade", "rewarded"), ASSESSED),
}
"""Which tag or text of the form each column is read from."""
_AGE_LIMIT = re.compile(r"(?<!\d)(\d{2})(?!\d)")
_REACHED = re.compile(r"^$|已到龄|^-1$")


NO_LIMIT_READ = Problem(
    "No age limit was read from this.", "未能识别任职年龄界限。", "Choose one from the list.", "请从列表中选择。"
)
PERSON_NOT_LANDED = Problem(
    "The person of this file did not land, so this line did not either.",
    "此文件的人员未导入，此行也未导入。",
    "Mend what is said of the person.",
    "请先更正人员信息。",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row for a source: where it stands, its text by column, what is to be said of it, what keeps it out."""

    file: str
    line: int
    written: str
    text: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str, Problem], ...] = ()
    problem: Problem | None = None

    def without(self, problem: Problem) -> "Row":
        """The same row, kept out."""
        return dataclasses.replace(self, problem=self.problem or problem)


@dataclass(frozen=True, slots=True)
class Form:
    """One file and whom it may be of: the member row, the two texts, the person as compared, how it was told.

    Not `sound` is a file whose cells keep its member row out. `stated` is the month (YYYYMM) in which it was filled in
    or ages were counted, 0 where it says none.
    """

    row: Row
    career: str
    assessed: str
    person: Person | None
    decided: bool = False
    sound: bool = True
    stated: int = 0

    @property
    def claim(self) -> Claim:
        """The claim to be settled; a file with a problem claims nobody."""
        return Claim(self.row.file, None if self.row.problem else self.person, self.decided, self.sound)


def forms(bundle: Bundle, key: bytes, whose: Mapping[str, str]) -> list[Form]:
    """Every file of a bundle; `whose` holds what people decided: a person code by file name, empty for someone new.

    ReadingError where a folder or an archive cannot be read.
    """
    read = (_form(file, key) for file in bundle.files())
    meant = [_under(form, whose[form.row.file]) if form.row.file in whose else form for form in read]
    sound = set(_part("member", bundle.name, "", [form.row for form in meant]).rows.tolist())
    return [dataclasses.replace(form, sound=at in sound) for at, form in enumerate(meant, start=1)]


def rows(
    name: str, given: Sequence[Form], verdicts: Sequence[Verdict], units: Register, titles: Titles, believed: Until
) -> list[Checked]:
    """The three sources of the files of a bundle called `name`, whose dates are `believed` so far.

    A file is one row of people; each period of its career and each year assessed is one row more, which lands or is
    told about.
    """
    members = [_settled(form.row, verdict) for form, verdict in zip(given, verdicts, strict=True)]
    of_people = _part("member", name, "", members)
    landed = set(of_people.table["person_id"].to_pylist())
    whole = list(zip(given, members, strict=True))
    postings = [line for form, row in whole for line in _postings(form, row, landed, units, titles)]
    years = [line for form, row in whole for line in _assessments(form, row, landed)]
    of_posts = _part("posting", name, CAREER, postings, believed)
    return [of_people, of_posts, _part("assessment", name, ASSESSED, years)]


def _settled(row: Row, verdict: Verdict) -> Row:
    if verdict.note:
        row = dataclasses.replace(row, notes=(*row.notes, ("name", row.text["name"], verdict.note)))
    return row.without(verdict.problem) if verdict.problem else row


def _under(form: Form, code: str) -> Form:
    """A form under a given code, or under its own where none is given; a file that was not read stays so."""
    if form.row.problem not in {None, NOT_TOLD_APART} or not (code or form.person):
        return form
    if not code:
        return dataclasses.replace(form, decided=True)
    text = {**form.row.text, "person_id": code}
    notes = tuple(note for note in form.row.notes if note[2] is not WITHOUT_NUMBER)
    row = dataclasses.replace(form.row, text=text, notes=notes, problem=None)
    return dataclasses.replace(form, row=row, person=_person(code, text), decided=True)


def _person(code: str, text: Mapping[str, str]) -> Person:
    said = (people.value(name, text[name]) for name in ("sex", "birth", "work_start"))
    return people.called(code, text["name"], *said)


def _form(file: File, key: bytes) -> Form:
    if isinstance(file.content, Problem):
        return _unread(file, file.content)
    try:
        read_file = lrmx.read(file.content, file.ending)
    except PersonnelFileError as error:
        return _unread(file, error.problem)
    return _understood(file, read_file, key)


def _unread(file: File, problem: Problem) -> Form:
    return Form(Row(file.name, 1, "", problem=problem), "", "", None)


def _understood(file: File, said: PersonFile, key: bytes) -> Form:
    number = matching.id_number(said.says("ShenFenZheng"))
    text, notes = _member(said, number)
    person = people.told(
        key, number, text["name"], *(people.value(name, text[name]) for name in ("sex", "birth", "work_start"))
    )
    row = Row(file.name, 1, text["name"], text, tuple(notes), None if person else NOT_TOLD_APART)
    if person:
        row = dataclasses.replace(row, text={**text, "person_id": person.code})
        if number is None:
            row = dataclasses.replace(row, notes=(*row.notes, ("person_id", "", WITHOUT_NUMBER)))
    career, assessed = (matching.without_numbers(said.says(tag)) for tag in ("JianLi", "NianDuKaoHeJieGuo"))
    dates = (people.value("work_start", said.says(tag)) for tag in ("JiSuanNianLingShiJian", "TianBiaoShiJian"))
    stated = max((month.of(date) for date in dates if isinstance(date, int)), default=0)
    return Form(row, career, assessed, person, stated=stated)


def until(given: Sequence[Form], asked: int | None, now: int) -> Until:
    """Up to which months the dates of all forms are believed: as far as the newest of them, and none beyond `now`."""
    newest = max((form.stated for form in given if form.stated <= now), default=0)
    return Until(newest or None).within(asked, now)


def _member(said: PersonFile, number: IdNumber | None) -> tuple[dict[str, str], list[tuple[str, str, Problem]]]:
    """The text of a member row but for the code, and what is to be said of it."""
    notes = [(note.tag, note.value, note.problem) for note in said.notes]
    joined = said.says("RuDangShiJian")
    party, of_party = people.party(joined, said.says("ZhengZhiMianMao"))
    limit, of_limit = _age_limit(said.says("GaiGeQianRenZhiNianLingJieXian"))
    text = {
        "name": matching.same_name(matching.without_numbers(said.says("XingMing"))),
        "sex": said.says("XingBie"),
        "birth": said.says("ChuShengNianYue"),
        "party": party,
        "retire_month": said.says("DaoLingNianYue"),
        "age_limit": limit,
        "work_start": said.says("CanJiaGongZuoShiJian"),
        "joined": people.joined(joined),
    }
    if said.says("ShenFenZheng") and number is None:
        notes.append(("person_id", "", WRONG_NUMBER))
    if number:
        birth, sex = ((text[name], people.value(name, text[name])) for name in ("birth", "sex"))
        notes.extend(people.beside_number(number, birth, sex))
        text["birth"] = text["birth"] or str(number.birth)
    if of_party:
        notes.append(("party", joined or said.says("ZhengZhiMianMao"), of_party))
    return text, [*notes, *of_limit]


def _age_limit(text: str) -> tuple[str, list[tuple[str, str, Problem]]]:
    plain = cell.narrow(text)
    if _REACHED.search(plain):
        return "", []
    limit = _AGE_LIMIT.search(plain)
    return (limit[1], []) if limit else ("", [("age_limit", text, NO_LIMIT_READ)])


def _postings(form: Form, member: Row, landed: set[str], units: Register, titles: Titles) -> Iterator[Row]:
    for spell in resume.spells(form.career):
        for row in _of_spell(spell, form.row.file, units, titles):
            yield _of_person(row, member, landed)


def _of_person(row: Row, member: Row, landed: set[str]) -> Row:
    code = "" if member.problem else member.text.get("person_id", "")
    named = dataclasses.replace(row, text={**row.text, "person_id": code})
    return named if code in landed else named.without(PERSON_NOT_LANDED)


def _of_spell(spell: resume.Spell, file: str, units: Register, titles: Titles) -> Iterator[Row]:
    """A row for each unit that a period names, the first one the primary post."""
    row = Row(file, spell.line, spell.written)
    if spell.problem:
        yield row.without(spell.problem)
        return
    for place, held in enumerate(posts.by_unit(spell.duty, units, titles)):
        yield _posting(row, spell, posts.post(held, titles), first=place == 0 and not spell.aside)


def _posting(row: Row, spell: resume.Spell, post: Post | Problem, *, first: bool) -> Row:
    if isinstance(post, Problem):
        return row.without(post)
    kept = _yes(yes=first and not post.seconded)
    text = {
        "unit_id": post.unit.code,
        "post": post.title,
        "role": post.role,
        "level": post.level,
        "rank": post.rank,
        "start": spell.start,
        "end": spell.end,
        "primary": kept,
        "counted": kept,
        "exchange_kind": "secondment" if post.seconded else "",
    }
    return dataclasses.replace(row, text=text)


def _yes(*, yes: bool) -> str:
    return "yes" if yes else "no"


def _assessments(form: Form, member: Row, landed: set[str]) -> Iterator[Row]:
    for year in resume.assessments(form.assessed):
        text = {"year": year.year, "grade": year.grade, "rewarded": _yes(yes=year.rewarded)}
        row = Row(form.row.file, year.line, year.written, text, problem=year.problem)
        yield _of_person(row, member, landed)


def _part(source: str, file: str, sheet: str, rows: Sequence[Row], believed: Until = ANY_TIME) -> Checked:
    """The rows as one sheet, checked under the contract of the source; findings name the file and line of each."""
    columns = TAGS[source]
    cells = Cells(
        file=file,
        sheet=sheet,
        contract=contract.load(source),
        text=pa.table({name: pa.array([row.text.get(name, "") for row in rows], pa.string()) for name in columns}),
        rows=np.arange(1, len(rows) + 1, dtype=np.int32),
        heading_row=0,
        headings=columns,
        origins=tuple((row.file, row.line) for row in rows),
        until=believed,
    )
    good = np.array([row.problem is None for row in rows], bool)
    checked = check(cells.only(good))
    told = (*_told(cells, rows), *checked.findings)
    return dataclasses.replace(checked, cells=cells, findings=told)


def _told(cells: Cells, rows: Sequence[Row]) -> Iterator[Finding]:
    for number, row in enumerate(rows, start=1):
        for column, value, problem in row.notes:
            yield cells.finding(number, column, value, WARNING, problem)
        if row.problem:
            severity = WARNING if row.problem is STUDY else ERROR
            yield cells.finding(number, "", row.written, severity, row.problem)
