"""From personnel files to the rows of three sources: people, postings, assessments; each line lands or is told."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from data import cell, contract, lrmx, matching, resume
from data.bundle import Bundle, File
from data.cell import CellError, Problem
from data.checking import ERROR, WARNING, Cells, Checked, Finding, check
from data.lrmx import PersonFile, PersonnelFileError
from data.matching import BY_NAME, BY_NUMBER, IdNumber, Person, Register, Titles, Unit
from data.reading import ReadingError

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
_PARTS = re.compile(r"[\s；;，,、()（）]+")
_PARTY_DATE = re.compile(r"(?:19|20)\d{2}")
_MEMBER_OF_PARTY = "01"
_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
_BETWEEN_POSTS = re.compile(r"[、，,；;]\s*(?![^（(]*[）)])")
NO_MONTH = 100
RANK_ONLY = "other"
"""The role of whoever has a civil-service rank and no title."""


def _said(en: str, zh: str, mend_en: str, mend_zh: str) -> Problem:
    return Problem(en, zh, mend_en, mend_zh)


NOT_TOLD_APART = _said(
    "Without a valid ID number, name, sex, birth and start of work are all needed to know whose file it is.",
    "文件没有有效的身份证号，且姓名、性别、出生年月、参加工作时间不全，无法确定为何人。",
    "Fill in the ID number.",
    "请补填身份证号。",
)
WRONG_NUMBER = _said(
    "The ID number is not valid (its last sign does not follow from the others); it was not used.",
    "身份证号无效（校验位不符），未采用。",
    "Correct the ID number.",
    "请更正身份证号。",
)
WITHOUT_NUMBER = _said(
    "The person is known only by name, sex, birth and start of work, for want of an ID number.",
    "没有身份证号，仅按姓名、性别、出生年月、参加工作时间确定此人。",
    "Fill in the ID number.",
    "请补填身份证号。",
)
BIRTH_DIFFERS = _said(
    "The birth differs from the one in the ID number; the one that the form gives was taken.",
    "出生年月与身份证号不一致；以表中所填为准。",
    "Look which of the two the archive confirms.",
    "请按档案认定结果核实。",
)
BIRTH_TAKEN = _said(
    "The form gives no birth; it was taken from the ID number.",
    "表中未填出生年月，按身份证号取得。",
    "Fill in the birth as the archive confirms it.",
    "请按档案认定结果补填出生年月。",
)
SEX_DIFFERS = _said(
    "The sex differs from the one in the ID number; the one that the form gives was taken.",
    "性别与身份证号不一致；以表中所填为准。",
    "Look which of the two is right.",
    "请核实。",
)
TWO_PARTIES = _said(
    "The field names a party beside a date of joining; the person was taken as a member of the Communist Party.",
    "入党时间栏另填有党派；政治面貌按中共党员导入。",
    "Nothing is to be done where both are right.",
    "如确为交叉党员，无需处理。",
)
NO_PARTY_READ = _said(
    "No party and no date of joining were read from this; the political status stays empty.",
    "未能识别党派或入党时间；政治面貌留空。",
    "Write the month of joining, or the party.",
    "请填写入党年月或党派名称。",
)
NO_LIMIT_READ = _said(
    "No age limit was read from this.", "未能识别任职年龄界限。", "Choose one from the list.", "请从列表中选择。"
)
PERSON_NOT_LANDED = _said(
    "The person of this file did not land, so this line did not either.",
    "此文件的人员未导入，此行也未导入。",
    "Mend what is said of the person.",
    "请先更正人员信息。",
)
STUDY = _said(
    "This is time of study; no post was made of it.",
    "此段为学习经历，不作为任职导入。",
    "Nothing is to be done.",
    "无需处理。",
)
NO_UNIT = _said(
    "No unit in the list has the name that this begins with.",
    "机构信息中没有与此处开头相符的单位。",
    "Add the unit to the list, or write its full name; a post elsewhere needs nothing.",
    "请在机构信息中补充该单位，或写明单位全称；外地任职无需处理。",
)
NO_ROLE = _said(
    "The unit was found; what role the title has was not.",
    "单位已识别，但无法判断职务的成员类别。",
    "Write the unit's full name and the usual title, or add the title to data/maps/personnel_file.toml.",
    "请写明单位全称和规范职务名称，或在 data/maps/personnel_file.toml 中补充该职务。",
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
class Claim:
    """One file and whom it may be of: the member row, the two texts, the person as compared, how it was told."""

    row: Row
    career: str
    assessed: str
    person: Person | None
    decided: bool = False


def read(
    bundle: Bundle,
    units: Iterable[Unit],
    known: Iterable[Person],
    key: bytes,
    whose: Mapping[str, str] | None = None,
    titles: Titles | None = None,
) -> list[Checked]:
    """The three sources of all files of a bundle; `known` are the people who landed before or come with it.

    A file is one row of people; each period of its career and each year assessed is one row more, which lands or is
    told about. `whose` holds what people decided: the person code of a file by its name, empty for someone new.
    ReadingError where a folder or an archive cannot be read, or where `whose` names a file that is not there.
    """
    claims = _decided([_claim(file, key) for file in bundle.files()], whose or {})
    rows = settled(claims, known)
    people = _part("member", bundle.name, "", rows)
    landed = set(people.table["person_id"].to_pylist())
    words = titles or Titles.load()
    register = Register(units, words.written_out)
    whole = list(zip(claims, rows, strict=True))
    postings = [line for claim, row in whole for line in _postings(claim, row, landed, register, words)]
    years = [line for claim, row in whole for line in _assessments(claim, row, landed)]
    return [
        people,
        _part("posting", bundle.name, CAREER, postings),
        _part("assessment", bundle.name, ASSESSED, years),
    ]


def settled(claims: Sequence[Claim], known: Iterable[Person]) -> list[Row]:
    """The member row of each claim, kept out where it is not sure whose file it is.

    One ID number is one person. Two people with the same name, sex and birth are only sure to be two where both are
    known by ID number. Files with an ID number are looked at first, so the doubt falls on those without.
    """
    codes = _concerned(claims, known)
    alike: dict[tuple[str, str, int], list[tuple[Person, str]]] = {}
    for person in codes.values():
        alike.setdefault(person.alike, []).append((person, ""))
    rows = {place: claim.row for place, claim in enumerate(claims)}
    files: dict[str, str] = {}
    for place in sorted(rows, key=lambda at: (not _by_number(claims[at].person), at)):
        claimed, row = claims[place].person, claims[place].row
        if claimed is None or row.problem:
            continue
        rows[place] = _against(row, claimed, codes.get(claimed.code))
        if claimed.code in files:
            rows[place] = row.without(_second_file(files[claimed.code]))
        elif claims[place].decided:
            files[claimed.code] = row.file
        elif other := next((each for each in alike.get(claimed.alike, ()) if _may_be(claimed, each[0])), None):
            rows[place] = row.without(_doubtful(other[1] or other[0].code))
        elif not rows[place].problem:
            files[claimed.code] = row.file
            alike.setdefault(claimed.alike, []).append((claimed, row.file))
    return [rows[place] for place in range(len(claims))]


def _decided(claims: Sequence[Claim], whose: Mapping[str, str]) -> list[Claim]:
    """The claims with what people decided in the place of what identifiers say."""
    if missing := sorted(set(whose) - {claim.row.file for claim in claims}):
        message = f"No personnel file is called {missing[0]!r}; name it as the findings do."
        raise ReadingError(message)
    return [_under(claim, whose[claim.row.file]) if claim.row.file in whose else claim for claim in claims]


def _under(claim: Claim, code: str) -> Claim:
    """A claim under a given code, or under its own where none is given; a file that was not read stays so."""
    if claim.row.problem not in {None, NOT_TOLD_APART} or not (code or claim.person):
        return claim
    if not code:
        return dataclasses.replace(claim, decided=True)
    text = {**claim.row.text, "person_id": code}
    notes = tuple(note for note in claim.row.notes if note[2] is not WITHOUT_NUMBER)
    row = dataclasses.replace(claim.row, text=text, notes=notes, problem=None)
    return dataclasses.replace(claim, row=row, person=_called(code, text), decided=True)


def _concerned(claims: Sequence[Claim], known: Iterable[Person]) -> dict[str, Person]:
    """Those known before, by code, who share a code or a name with someone here."""
    claimed = [claim.person for claim in claims if claim.person]
    codes, names = {person.code for person in claimed}, {person.name for person in claimed}
    latest: dict[str, Person] = {}
    for person in known:
        if person.code in latest or person.code in codes or person.name in names:
            latest[person.code] = person
    return latest


def _by_number(person: Person | None) -> bool:
    return person is not None and person.code.startswith(BY_NUMBER)


def _may_be(person: Person, other: Person) -> bool:
    """Whether two who are alike may be one after all."""
    return person.code != other.code and not (_by_number(person) and _by_number(other))


def _against(row: Row, person: Person, landed: Person | None) -> Row:
    """A row whose code has landed before, with what changed since."""
    if landed is None:
        return row
    changed = landed.name != person.name, landed.birth != person.birth
    if all(changed):
        return row.without(_contradicts(person.code))
    if any(changed):
        return dataclasses.replace(row, notes=(*row.notes, ("name", row.text["name"], _changed(person.code))))
    if person.code.startswith(BY_NAME):
        return dataclasses.replace(row, notes=(*row.notes, ("name", row.text["name"], _taken_as(person.code))))
    return row


def _claim(file: File, key: bytes) -> Claim:
    if isinstance(file.content, Problem):
        return _unread(file, file.content)
    try:
        read_file = lrmx.read(file.content, file.ending)
    except PersonnelFileError as error:
        return _unread(file, error.problem)
    return _understood(file, read_file, key)


def _unread(file: File, problem: Problem) -> Claim:
    return Claim(Row(file.name, 1, "", problem=problem), "", "", None)


def _understood(file: File, said: PersonFile, key: bytes) -> Claim:
    number = matching.id_number(said.says("ShenFenZheng"))
    text, notes = _member(said, number)
    person = _person(text, number, key)
    row = Row(file.name, 1, text["name"], text, tuple(notes), None if person else NOT_TOLD_APART)
    if person:
        row = dataclasses.replace(row, text={**text, "person_id": person.code})
        if number is None:
            row = dataclasses.replace(row, notes=(*row.notes, ("person_id", "", WITHOUT_NUMBER)))
    career, assessed = (matching.without_numbers(said.says(tag)) for tag in ("JianLi", "NianDuKaoHeJieGuo"))
    return Claim(row, career, assessed, person)


def _member(said: PersonFile, number: IdNumber | None) -> tuple[dict[str, str], list[tuple[str, str, Problem]]]:
    """The text of a member row but for the code, and what is to be said of it."""
    notes = [(note.tag, note.value, note.problem) for note in said.notes]
    party, of_party = _party(said)
    limit, of_limit = _age_limit(said.says("GaiGeQianRenZhiNianLingJieXian"))
    text = {
        "name": matching.same_name(matching.without_numbers(said.says("XingMing"))),
        "sex": said.says("XingBie"),
        "birth": said.says("ChuShengNianYue"),
        "party": party,
        "retire_month": said.says("DaoLingNianYue"),
        "age_limit": limit,
        "work_start": said.says("CanJiaGongZuoShiJian"),
        "joined": _joined(said.says("RuDangShiJian")),
    }
    if said.says("ShenFenZheng") and number is None:
        notes.append(("person_id", "", WRONG_NUMBER))
    if number:
        notes.extend(_beside_number(text, number))
    return text, [*notes, *of_party, *of_limit]


def _beside_number(text: dict[str, str], number: IdNumber) -> Iterator[tuple[str, str, Problem]]:
    """What the ID number says otherwise; an empty birth is filled in."""
    birth = _value("birth", text["birth"])
    if not text["birth"]:
        text["birth"] = str(number.birth)
        yield "birth", "", BIRTH_TAKEN
    elif isinstance(birth, int) and birth // NO_MONTH != number.birth // NO_MONTH:
        yield "birth", text["birth"], BIRTH_DIFFERS
    if _value("sex", text["sex"]) not in {None, number.sex}:
        yield "sex", text["sex"], SEX_DIFFERS


def _person(text: Mapping[str, str], number: IdNumber | None, key: bytes) -> Person | None:
    """Whom the identifiers name: an ID number alone, else name, sex, birth and start of work together."""
    sex, birth, work = (_value(name, text[name]) for name in ("sex", "birth", "work_start"))
    month = birth // NO_MONTH if isinstance(birth, int) else 0
    if number:
        code = matching.code(key, BY_NUMBER, number.digits)
    elif all((text["name"], sex, month % NO_MONTH, work)):
        code = matching.code(key, BY_NAME, text["name"], str(sex), str(month), str(int(str(work)) // NO_MONTH))
    else:
        return None
    return _called(code, text)


def _called(code: str, text: Mapping[str, str]) -> Person:
    birth = _value("birth", text["birth"])
    return Person(code, text["name"], str(_value("sex", text["sex"]) or ""), int(str(birth or 0)) // NO_MONTH)


def _value(column: str, text: str) -> cell.Value | None:
    """What a cell of a member row will be once it is checked; None where it will not do."""
    try:
        return cell.reader(contract.load("member").column(column))(text)
    except CellError:
        return None


def _party(said: PersonFile) -> tuple[str, list[tuple[str, str, Problem]]]:
    written = said.says("RuDangShiJian")
    named = said.says("ZhengZhiMianMao")
    if named and _value("party", named):
        return named, []
    names = [part for part in _PARTS.split(written) if part and _value("party", part)]
    dated = bool(_PARTY_DATE.search(cell.fold(written)))
    if dated and names and _value("party", names[0]) != _MEMBER_OF_PARTY:
        return _MEMBER_OF_PARTY, [("party", written, TWO_PARTIES)]
    if dated or names:
        return names[0] if names else _MEMBER_OF_PARTY, []
    return "", [("party", written or named, NO_PARTY_READ)] if written or named else []


def _joined(written: str) -> str:
    """The date in the field of joining the Party, which may name a party too or instead."""
    return next((part for part in _PARTS.split(written) if _PARTY_DATE.search(cell.fold(part))), "")


def _age_limit(text: str) -> tuple[str, list[tuple[str, str, Problem]]]:
    plain = cell.fold(text)
    if _REACHED.search(plain):
        return "", []
    limit = _AGE_LIMIT.search(plain)
    return (limit[1], []) if limit else ("", [("age_limit", text, NO_LIMIT_READ)])


def _postings(claim: Claim, member: Row, landed: set[str], units: Register, titles: Titles) -> Iterator[Row]:
    for spell in resume.spells(claim.career):
        for row in _of_spell(spell, claim.row.file, units, titles):
            yield _of_person(row, member, landed)


def _of_person(row: Row, member: Row, landed: set[str]) -> Row:
    code = "" if member.problem else member.text.get("person_id", "")
    named = dataclasses.replace(row, text={**row.text, "person_id": code})
    return named if code in landed else named.without(PERSON_NOT_LANDED)


def _of_spell(spell: resume.Spell, file: str, units: Register, titles: Titles) -> Iterator[Row]:
    """A row for each unit that a period names, the first one the primary post."""
    if spell.problem:
        yield Row(file, spell.line, spell.written, problem=spell.problem)
        return
    for place, held in enumerate(_by_unit(spell.duty, units, titles)):
        yield _posting(spell, file, held, titles, first=place == 0 and not spell.aside)


@dataclass(frozen=True, slots=True)
class _Held:
    """The posts of a period in one unit: the units its name may mean, the titles, and all that was written."""

    units: tuple[Unit, ...]
    posts: list[str]
    written: list[str]


def _by_unit(duty: str, units: Register, titles: Titles) -> list[_Held]:
    """The posts of a period under the units they are in; a title alone is in the unit named before it."""
    groups: list[_Held] = []
    for segment in filter(None, map(str.strip, _BETWEEN_POSTS.split(duty))):
        found, post = units.begins(titles.lead_in.sub("", segment))
        if groups and (found == groups[-1].units or (not found and _is_title(segment, groups[-1].units, titles))):
            groups[-1].posts.append(post)
            groups[-1].written.append(segment)
        else:
            groups.append(_Held(found, [post], [segment]))
    return groups


def _is_title(segment: str, units: Sequence[Unit], titles: Titles) -> bool:
    """Whether a text that names no unit is a further title in these."""
    plain = _plain(segment, titles)
    return not units or bool(titles.rank.fullmatch(plain) or titles.role([plain], units[0].body))


def _posting(spell: resume.Spell, file: str, held: _Held, titles: Titles, *, first: bool) -> Row:
    row = Row(file, spell.line, spell.written)
    ranks = [post for post in held.posts if titles.rank.fullmatch(_plain(post, titles))]
    posts = [post for post in held.posts if post not in ranks] or ranks
    role = _role(posts, ranks, held, titles)
    if isinstance(role, Problem):
        return row.without(role)
    seconded = bool(titles.secondment.search("、".join(held.written)))
    kept = _yes(yes=first and not seconded)
    text = {
        "unit_id": held.units[0].code,
        "post": "、".join(titles.lead_in.sub("", post) or post for post in posts),
        "role": role,
        "level": _level(held.posts, titles),
        "rank": ranks[0] if ranks else "",
        "start": spell.start,
        "end": spell.end,
        "primary": kept,
        "counted": kept,
        "exchange_kind": "secondment" if seconded else "",
    }
    return dataclasses.replace(row, text=text)


def _role(posts: Sequence[str], ranks: Sequence[str], held: _Held, titles: Titles) -> str | Problem:
    """The role in the one unit that is meant, or why the posts cannot land."""
    studies = titles.study.search("、".join(held.written))
    if len(held.units) > 1:
        return _several(held.units)
    if not held.units:
        return STUDY if studies else NO_UNIT
    role = titles.role([_plain(post, titles) for post in posts], held.units[0].body)
    return role or (RANK_ONLY if ranks else STUDY if studies else NO_ROLE)


def _yes(*, yes: bool) -> str:
    return "yes" if yes else "no"


def _plain(post: str, titles: Titles) -> str:
    """A title as roles are told by it: without brackets and what leads in to it."""
    bare = _BRACKETS.sub("", post).strip()
    return titles.lead_in.sub("", bare) or bare


def _level(posts: Sequence[str], titles: Titles) -> str:
    return next((found[1] for found in map(titles.level.search, posts) if found), "")


def _assessments(claim: Claim, member: Row, landed: set[str]) -> Iterator[Row]:
    for year in resume.assessments(claim.assessed):
        text = {"year": year.year, "grade": year.grade, "rewarded": _yes(yes=year.rewarded)}
        row = Row(claim.row.file, year.line, year.written, text, problem=year.problem)
        yield _of_person(row, member, landed)


def _part(source: str, file: str, sheet: str, rows: Sequence[Row]) -> Checked:
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
    )
    good = np.array([row.problem is None for row in rows], bool)
    checked = check(cells.only(good))
    told = (*_told(cells, rows), *map(_without_numbers, checked.findings))
    return dataclasses.replace(checked, cells=cells, findings=told)


def _without_numbers(finding: Finding) -> Finding:
    return dataclasses.replace(finding, value=matching.masked(finding.value))


def _told(cells: Cells, rows: Sequence[Row]) -> Iterator[Finding]:
    for number, row in enumerate(rows, start=1):
        for column, value, problem in row.notes:
            yield cells.finding(number, column, matching.masked(value), WARNING, problem)
        if row.problem:
            severity = WARNING if row.problem is STUDY else ERROR
            yield cells.finding(number, "", matching.masked(row.written), severity, row.problem)


def _second_file(file: str) -> Problem:
    return Problem(
        f"The file {file} is of the same person and came first; this one did not land.",
        f"文件{file}为同一人且排在前面；本文件未导入。",
        "Send only the newer of the two.",
        "请只报送较新的一份。",
    )


def _doubtful(other: str) -> Problem:
    return Problem(
        f"Name, sex and birth are those of {other}, and not both have an ID number: it may be the same person.",
        f"姓名、性别、出生年月与{other}相同，且并非双方都有身份证号，可能为同一人。",
        "Nothing was merged and this file did not land: fill in the ID number in both, or decide with --whose.",
        "未作合并，本文件未导入：请在双方补填身份证号，或用 --whose 指定。",
    )


def _contradicts(code: str) -> Problem:
    return Problem(
        f"The identifiers are those of {code}, and name and birth are both other than they landed before.",
        f"身份标识与{code}相同，但姓名和出生年月均与已导入的不同。",
        "Look whether the ID number is that of another person; this file did not land.",
        "请核实身份证号是否误填为他人；本文件未导入。",
    )


def _changed(code: str) -> Problem:
    return Problem(
        f"The person is {code}, whose name or birth was other before; the new one was taken.",
        f"此人为{code}，姓名或出生年月与此前不同；以本次为准。",
        "Look whether the change was confirmed.",
        "请核实变更是否已经认定。",
    )


def _taken_as(code: str) -> Problem:
    return Problem(
        f"Without an ID number the person was taken as {code}, by name, sex, birth and start of work.",
        f"没有身份证号，按姓名、性别、出生年月、参加工作时间视为{code}。",
        "Fill in the ID number.",
        "请补填身份证号。",
    )


def _several(found: Sequence[Unit]) -> Problem:
    codes = "、".join(unit.code for unit in found)
    return Problem(
        f"More than one unit has the name that this begins with: {codes}.",
        f"有多个单位与此处开头相符：{codes}。",
        "Write the unit's full name, with the county it belongs to.",
        "请写明单位全称（含所属县、市、区）。",
    )
