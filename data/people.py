"""Whose a file or a row is: one written rule for personnel files, rosters and exports. Doubt is never settled.

One ID number is one person. Without one, name, sex, birth and start of work together name a person. Two with the same
name, sex and birth, or with births that differ in one sign and no other start of work, are only sure to be two where
both are known by ID number; else someone decides.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data import cell, contract, matching, month
from data.cell import CellError, Problem, Value
from data.matching import BY_NAME, BY_NUMBER, IdNumber, Person
from data.reading import ReadingError

_PARTY_DATE = re.compile(r"(?:19|20)\d{2}")
_PARTS = re.compile(r"[\s；;，,、()（）]+")
_MEMBER_OF_PARTY = "01"
Note = tuple[str, str, Problem]
"""What is to be said of a row: the column, the cell and the problem."""

NOT_TOLD_APART = Problem(
    "Without a valid ID number, name, sex, birth and start of work are all needed to know who it is.",
    "没有有效的身份证号，且姓名、性别、出生年月、参加工作时间不全，无法确定为何人。",
    "Fill in the ID number.",
    "请补填身份证号。",
)
WRONG_NUMBER = Problem(
    "The ID number is not valid (its last sign does not follow from the others); it was not used.",
    "身份证号无效（校验位不符），未采用。",
    "Correct the ID number.",
    "请更正身份证号。",
)
WITHOUT_NUMBER = Problem(
    "The person is known only by name, sex, birth and start of work, for want of an ID number.",
    "没有身份证号，仅按姓名、性别、出生年月、参加工作时间确定此人。",
    "Fill in the ID number.",
    "请补填身份证号。",
)
BIRTH_DIFFERS = Problem(
    "The birth differs from the one in the ID number; the one that the form gives was taken.",
    "出生年月与身份证号不一致；以表中所填为准。",
    "Look which of the two the archive confirms.",
    "请按档案认定结果核实。",
)
BIRTH_TAKEN = Problem(
    "The form gives no birth; it was taken from the ID number.",
    "表中未填出生年月，按身份证号取得。",
    "Fill in the birth as the archive confirms it.",
    "请按档案认定结果补填出生年月。",
)
SEX_DIFFERS = Problem(
    "The sex differs from the one in the ID number; the one that the form gives was taken.",
    "性别与身份证号不一致；以表中所填为准。",
    "Look which of the two is right.",
    "请核实。",
)
TWO_PARTIES = Problem(
    "The field names a party beside a date of joining; the person was taken as a member of the Communist Party.",
    "入党时间栏另填有党派；政治面貌按中共党员导入。",
    "Nothing is to be done where both are right.",
    "如确为交叉党员，无需处理。",
)
NO_PARTY_READ = Problem(
    "No party and no date of joining were read from this; the political status stays empty.",
    "未能识别党派或入党时间；政治面貌留空。",
    "Write the month of joining, or the party.",
    "请填写入党年月或党派名称。",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Whom a file or a row says it is of: what findings call it, the person by identifiers, if people decided so.

    Not `sound` is a claim whose cells keep it out: it comes before nobody.
    """

    label: str
    person: Person | None
    decided: bool = False
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim: what keeps it out, what is to be said, and which claim of the same person came first.

    `alike` is who it may be of, where that is in doubt.
    """

    problem: Problem | None = None
    note: Problem | None = None
    first: Claim | None = None
    alike: Person | None = None


def settled(claims: Sequence[Claim], known: Iterable[Person]) -> list[Verdict]:
    """A verdict for each claim; `known` are the people who landed before or come with them.

    Claims with an ID number are looked at first, so the doubt falls on those without; sound ones before others.
    """
    codes = _concerned(claims, known)
    everyone = (*codes.values(), *(claim.person for claim in claims if claim.person))
    met = _Met(doubted=not all(map(_by_number, everyone)))
    for person in codes.values():
        met.add(person, "")
    verdicts = [Verdict()] * len(claims)
    firsts: dict[str, Claim] = {}
    for place in sorted(range(len(claims)), key=lambda at: _turn(claims[at])):
        claim = claims[place]
        if claim.person is not None:
            verdicts[place] = _verdict(claim, claim.person, codes, met, firsts)
    return verdicts


def _turn(claim: Claim) -> tuple[bool, bool]:
    return not _by_number(claim.person), not claim.sound


def _verdict(
    claim: Claim,
    person: Person,
    codes: Mapping[str, Person],
    met: "_Met",
    firsts: dict[str, Claim],
) -> Verdict:
    problem, note = _against(person, codes.get(person.code))
    if first := firsts.get(person.code):
        return Verdict(second(first.label) if claim.sound else None, None, first)
    if other := None if claim.decided else met.alike(person):
        return Verdict(_doubtful(other[1] or other[0].code), alike=other[0])
    if other := None if claim.decided or person.code in codes else met.nearly(person):
        return Verdict(_nearly(other[1] or other[0].code), alike=other[0])
    if not problem:
        if claim.sound:
            firsts[person.code] = claim
        met.add(person, claim.label)
    return Verdict(problem, note)


class _Met:
    """People known before or settled since, with the label of whoever claimed to be them, by what two may share.

    Where all are known by ID number nobody is `doubted`, and nothing is remembered.
    """

    def __init__(self, *, doubted: bool) -> None:
        self._doubted = doubted
        self._alike: dict[tuple[str, str, int], list[tuple[Person, str]]] = {}
        self._named: dict[tuple[str, str, bool], list[tuple[Person, str]]] = {}

    def add(self, person: Person, label: str) -> None:
        if not self._doubted:
            return
        self._alike.setdefault(person.alike, []).append((person, label))
        self._named.setdefault((person.name, person.sex, _by_number(person)), []).append((person, label))

    def alike(self, person: Person) -> tuple[Person, str] | None:
        """Someone of the same name, sex and birth who may be this one after all."""
        return next((each for each in self._alike.get(person.alike, ()) if _may_be(person, each[0])), None)

    def nearly(self, person: Person) -> tuple[Person, str] | None:
        """Someone of the same name and sex whose birth differs in one sign and who may be this one after all."""
        for by_number in (False,) if _by_number(person) else (True, False):
            for each in self._named.get((person.name, person.sex, by_number), ()):
                if _may_be(person, each[0]) and person.is_nearly(each[0]):
                    return each
        return None


def require_known(whose: Mapping[str, str], claims: Sequence[Claim], known: Iterable[Person]) -> None:
    """Raise ReadingError where people decided on something that was not given, or by a made code that nobody has."""
    if missing := sorted(set(whose) - {claim.label for claim in claims}):
        message = (
            f"No file or row is called {missing[0]!r}; name it as the findings do."
            f" 没有名为“{missing[0]}”的文件或行，请按问题清单中的名称填写。"
        )
        raise ReadingError(message)
    told = {claim.person.code for claim in claims if claim.person and not claim.decided}
    codes = told | {person.code for person in known}
    for label, code in whose.items():
        if code.startswith((BY_NUMBER, BY_NAME)) and code not in codes:
            message = (
                f"Nobody has the code {code!r} that was decided on for {label}; write it as the findings do."
                f" 为{label}指定的人员编码“{code}”不存在，请按问题清单中的编码填写。"
            )
            raise ReadingError(message)


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


def _against(person: Person, landed: Person | None) -> tuple[Problem | None, Problem | None]:
    """What keeps out, and what is to be said of, someone whose code has landed before."""
    if landed is None:
        return None, None
    changed = landed.name != person.name, landed.birth != person.birth
    if all(changed):
        return contradicts(person.code), None
    if any(changed):
        return None, _changed(person.code)
    return None, _taken_as(person.code) if person.code.startswith(BY_NAME) else None


def told(
    key: bytes, number: IdNumber | None, name: str, sex: Value | None, birth: Value | None, work: Value | None
) -> Person | None:
    """Whom the identifiers name: an ID number alone, else name, sex, birth and start of work together.

    `sex`, `birth` and `work` as they are stored, None where the cell will not do.
    """
    born = birth if isinstance(birth, int) else 0
    if number:
        code = matching.code(key, BY_NUMBER, number.digits)
    elif all((name, sex, month.is_known(born), work)):
        code = matching.code(key, BY_NAME, name, str(sex), str(month.of(born)), str(month.of(int(str(work)))))
    else:
        return None
    return called(code, name, sex, birth, work)


def called(code: str, name: str, sex: Value | None, birth: Value | None, work: Value | None) -> Person:
    """Someone under a given code."""
    born = month.of(birth) if isinstance(birth, int) else 0
    begun = month.of(work) if isinstance(work, int) else 0
    return Person(code, name, str(sex or ""), born, begun)


def beside_number(number: IdNumber, birth: tuple[str, Value | None], sex: tuple[str, Value | None]) -> Iterator[Note]:
    """What the ID number says otherwise than the form, of which each is given as written and as stored."""
    if not birth[0]:
        yield "birth", "", BIRTH_TAKEN
    elif isinstance(birth[1], int) and month.of(birth[1]) != month.of(number.birth):
        yield "birth", birth[0], BIRTH_DIFFERS
    if sex[1] not in {None, number.sex}:
        yield "sex", sex[0], SEX_DIFFERS


@functools.lru_cache(maxsize=65_536)
def value(column: str, text: str) -> Value | None:
    """What a cell of a member row will be once it is checked; None where it will not do."""
    try:
        return _reader(column)(text)
    except CellError:
        return None


@functools.cache
def _reader(column: str) -> cell.Reader:
    return cell.reader(contract.load("member").column(column))


@functools.lru_cache(maxsize=65_536)
def party(joined: str, named: str) -> tuple[str, Problem | None]:
    """The political status that the month of joining (which may name a party) and the party as named tell."""
    if named and value("party", named):
        return named, None
    names = [part for part in _PARTS.split(joined) if part and value("party", part)]
    dated = bool(_PARTY_DATE.search(cell.narrow(joined)))
    if dated and names and value("party", names[0]) != _MEMBER_OF_PARTY:
        return _MEMBER_OF_PARTY, TWO_PARTIES
    if dated or names:
        return names[0] if names else _MEMBER_OF_PARTY, None
    return "", NO_PARTY_READ if joined or named else None


@functools.lru_cache(maxsize=65_536)
def joined(written: str) -> str:
    """The date in the field of joining the Party, which may name a party too or instead."""
    return next((part for part in _PARTS.split(written) if _PARTY_DATE.search(cell.narrow(part))), "")


def second(label: str) -> Problem:
    """What is said of a second file of one person."""
    return Problem(
        f"The file {label} is of the same person and came first; this one did not land.",
        f"文件{label}为同一人且排在前面；本文件未导入。",
        "Send only the newer of the two.",
        "请只报送较新的一份。",
    )


def _doubtful(other: str) -> Problem:
    return Problem(
        f"Name, sex and birth are those of {other}, and not both have an ID number: it may be the same person.",
        f"姓名、性别、出生年月与{other}相同，且并非双方都有身份证号，可能为同一人。",
        "Nothing was merged and this did not land: fill in the ID number in both, or decide with --whose.",
        "未作合并，也未导入：请在双方补填身份证号，或用 --whose 指定。",
    )


def _nearly(other: str) -> Problem:
    return Problem(
        f"Name and sex are those of {other}, the births differ in one sign, and not both have an ID number:"
        " it may be the same person.",
        f"姓名、性别与{other}相同，出生年月仅一处之差，且并非双方都有身份证号，可能为同一人。",
        "Nothing was merged and this did not land: correct the birth, fill in the ID number in both, or decide with"
        " --whose.",
        "未作合并，也未导入：请核对出生年月，在双方补填身份证号，或用 --whose 指定。",
    )


def contradicts(code: str) -> Problem:
    """What is said where identifiers are those of one person, and name and birth those of another."""
    return Problem(
        f"The identifiers are those of {code}, and name and birth are both other than they landed before.",
        f"身份标识与{code}相同，但姓名和出生年月均与已导入的不同。",
        "Look whether the ID number is that of another person; this did not land.",
        "请核实身份证号是否误填为他人；未导入。",
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
