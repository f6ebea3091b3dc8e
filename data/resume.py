"""The two texts of a personnel file that hold rows: 简历 as spells, 年度考核 as years. Pure; no line is dropped."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.cell import Problem

_NARROW = str.maketrans("０１２３４５６７８９．－～／　", "0123456789.-~/ ")
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_MONTH = r"(?:0?[1-9]|1[0-2])(?!\d)"
_DATE = (
    rf"(?:(?:19|20)\d{{2}}(?:\s?年\s?(?:\d{{1,2}}\s?月\s?(?:\d{{1,2}}\s?日)?)?|[./]\d{{1,2}}(?:[./]\d{{1,2}})?|"
    rf"-{_MONTH}(?:-{_DAY})?|(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?(?!\d))"
)
_BETWEEN = r"(?:-+|—+|–+|―+|─+|~+|至|到)"
_NOW = r"(?:至今|今(?!年)|现在|目前)"
_PERIOD = re.compile(rf"\s*(?P<start>{_DATE})\s*{_BETWEEN}\s*(?P<end>{_DATE}|{_NOW})?[\s,，:：;；]*")
_BEGINS = re.compile(rf"[（(\s]*(?:(?:其间|期间)[：:，,]?)?\s*{_DATE}")
_MEANWHILE = re.compile(r"^\s*(?:其间|期间)\s*[：:，,]?\s*")
_LOOSE_MEANWHILE = re.compile(rf"[，,；;。\s]\s*(?=(?:其间|期间)[：:，,]?\s*{_DATE})")
_NEXT_CLAUSE = re.compile(rf"[；;]\s*|[，,。]\s*(?=(?:其间|期间)?[：:]?{_DATE})")
_LINE_END = re.compile(r"\r\n|\r|\n|&#x[dD];\n?|&#13;\n?")
_LEAD_IN = re.compile(r"^(?:在|于|任|担任|历任|先后任|先后在)\s*")
_OPENING, _CLOSING = "（(", "）)"

NO_PERIOD = Problem(
    "This line of the career does not begin with a period, so no post was read from it.",
    "简历此行没有起止年月，未能识别为任职。",
    "Write it as 2005.09--2010.03 and the unit and post.",
    "请写成“2005.09--2010.03  单位职务”的形式。",
)
NO_DUTY = Problem(
    "This line of the career has a period and no post.",
    "简历此行只有起止年月，没有职务。",
    "Add the unit and the post.",
    "请补充单位和职务。",
)
TWO_PERIODS = Problem(
    "This line of the career holds more than one period, so it is not clear which post belongs to which.",
    "简历此行有多个起止年月，无法判断职务对应的时间。",
    "Begin a new line for each period, or put the inner one in brackets as （其间：…）.",
    "请每段任职另起一行，其间经历写入“（其间：……）”。",
)
TOO_LONG = Problem(
    "This line of the career is longer than any post and was not read.",
    "简历此行过长，未读取。",
    "Begin a new line for each period.",
    "请每段任职另起一行。",
)
NO_YEAR = Problem(
    "No year and grade were read from this.",
    "未能识别考核年度和结果。",
    "Write it as 2024年度考核优秀.",
    "请写成“2024年度考核优秀”的形式。",
)

_YEAR = r"(?<!\d)((?:19|20)\d{2})(?!\d)"
_AND = re.compile(r"[\s年度、,，和及（()）]*")
_TO = re.compile(rf"\s*年?度?\s*{_BETWEEN}\s*")
_STATEMENT_END = re.compile(r"[；;。\r\n]+")
_ASSESSED = re.compile(
    r"^[\s年度，,：:()（）]*(?:公务员|事业单位|干部|个人)?(?:年度)?(?:考核|考评)?(?:结果|等次)?(?:均|都|皆|全部)?"
    r"(?:被)?(?:评定|确定|评|定|获评|评选)?(?:为|是)?[\s“\"：:，,]*"
)
_GRADE_END = re.compile(r"[”\"\s，,、]*(?:(?<!不定)等次|等级)?[”\"\s，,、]*$")
_MERIT = re.compile(r"[，,、（(\s]*(?:并|同时)?(?:荣?[记立])(?:个人)?三等功(?:一次|1次)?[）)\s]*")
_GRADED = re.compile("优秀|称职|合格|等次")
_NOTHING = re.compile(r"^[\s（(]*(?:无|暂无|没有)?[\s）)]*$")
LONGEST_LINE = 1_000
LONGEST_RUN = 40
"""Years that one statement may span."""


@dataclass(frozen=True, slots=True)
class Spell:
    """One period of a career: the line it begins at (from 1), all that was written, and its parts as text.

    `aside` is true of what ran beside a post (其间). With a `problem` no post can be read from it.
    """

    line: int
    written: str
    start: str = ""
    end: str = ""
    duty: str = ""
    aside: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """One year of assessment: which statement of the text it stands in (from 1), and its parts as text."""

    line: int
    written: str
    year: str = ""
    grade: str = ""
    rewarded: bool = False
    problem: Problem | None = None


def spells(text: str) -> list[Spell]:
    """Every period of a 简历, in its order; a line without one comes back as a problem."""
    return [spell for line, entry in _entries(text) for spell in _spells(line, entry) or [_unread(line, entry)]]


def assessments(text: str) -> list[Assessed]:
    """Every year of an 年度考核 text, in its order; a statement without one comes back as a problem."""
    if _NOTHING.match(text):
        return []
    statements = (" ".join(part.split()) for part in _STATEMENT_END.split(text.translate(_NARROW)))
    found: list[Assessed] = []
    for line, written in enumerate(filter(None, statements), start=1):
        if found and _MERIT.fullmatch(written):
            found[-1] = Assessed(found[-1].line, found[-1].written, found[-1].year, found[-1].grade, rewarded=True)
        else:
            found.extend(_years(line, written))
    return found


def _entries(text: str) -> list[tuple[int, str]]:
    """The lines with what was broken off them; an indented line without a period goes on with the one above."""
    entries: list[tuple[int, str]] = []
    for line, raw in enumerate(_LINE_END.split(text), start=1):
        plain = " ".join(raw.translate(_NARROW).split())
        if not plain:
            continue
        if entries and not _BEGINS.match(plain) and _goes_on(raw, entries[-1][1]):
            entries[-1] = (entries[-1][0], entries[-1][1] + plain)
        else:
            entries.append((line, plain))
    return entries


def _goes_on(raw: str, above: str) -> bool:
    """Whether a line without a period is the rest of the one above: it is indented, or a bracket is open there."""
    still_open = sum(map(above.count, _OPENING)) > sum(map(above.count, _CLOSING))
    return len(above) < LONGEST_LINE and (raw[:1].isspace() or still_open)


def _unread(line: int, entry: str) -> Spell:
    return Spell(line, entry, problem=NO_PERIOD)


def _spells(line: int, entry: str) -> list[Spell]:
    if len(entry) > LONGEST_LINE:
        return [Spell(line, entry, problem=TOO_LONG)]
    if entry[0] in _OPENING or _MEANWHILE.match(entry):
        return list(_asides(line, entry, entry.strip(_OPENING + _CLOSING + "。；; ")))
    main, insides = _taken_apart(entry)
    asides = (spell for inside in insides for spell in _asides(line, entry, inside))
    return [_spell(line, entry, main, aside=False), *asides]


def _asides(line: int, entry: str, inside: str) -> Iterator[Spell]:
    for clause in _NEXT_CLAUSE.split(_MEANWHILE.sub("", inside)):
        if clause.strip():
            yield _spell(line, entry, _MEANWHILE.sub("", clause), aside=True)


def _spell(line: int, entry: str, text: str, *, aside: bool) -> Spell:
    period = _PERIOD.match(text)
    if not period:
        return Spell(line, entry, aside=aside, problem=NO_PERIOD)
    duty = _LEAD_IN.sub("", text[period.end() :].strip()).strip(" ，,；;。、")
    if not duty:
        return Spell(line, entry, aside=aside, problem=NO_DUTY)
    if _PERIOD.search(duty):
        return Spell(line, entry, aside=aside, problem=TWO_PERIODS)
    return Spell(line, entry, period["start"].strip(), (period["end"] or "").strip(), duty, aside)


def _taken_apart(entry: str) -> tuple[str, Sequence[str]]:
    """The line without its asides, and the asides."""
    kept: list[str] = []
    asides: list[str] = []
    for group in _groups(entry):
        inside = group.strip(_OPENING + _CLOSING)
        if group[0] in _OPENING and (_MEANWHILE.match(inside) or _BEGINS.match(inside)):
            asides.append(inside)
        else:
            kept.append(group)
    main, *loose = _LOOSE_MEANWHILE.split("".join(kept))
    return main, [*asides, *loose]


def _groups(text: str) -> Iterator[str]:
    """The text cut before and after each outermost pair of brackets."""
    begun, depth = 0, 0
    for place, sign in enumerate(text):
        if sign in _OPENING:
            if depth == 0 and place > begun:
                yield text[begun:place]
                begun = place
            depth += 1
        elif sign in _CLOSING and depth:
            depth -= 1
            if depth == 0:
                yield text[begun : place + 1]
                begun = place + 1
    if begun < len(text):
        yield text[begun:]


def _years(line: int, written: str) -> Iterator[Assessed]:
    """The years of one statement, each with the grade that follows it: "2018、2019年优秀" is two."""
    before, *parts = re.split(_YEAR, written[:LONGEST_LINE])
    if len(written) > LONGEST_LINE or (parts and _GRADED.search(before)):
        yield Assessed(line, written, problem=NO_YEAR)
    years: list[int] = []
    until = False
    for year, after in zip(map(int, parts[::2]), parts[1::2], strict=True):
        years.extend(_up_to(year, years) if until else [year])
        until = bool(_TO.fullmatch(after))
        if until or _AND.fullmatch(after):
            continue
        grade = _GRADE_END.sub("", _ASSESSED.sub("", _MERIT.sub("", after)))
        yield from _graded(line, written, years, grade, rewarded=bool(_MERIT.search(after)))
        years = []
    if years or not parts:
        yield Assessed(line, written, problem=NO_YEAR)


def _graded(line: int, written: str, years: Sequence[int], grade: str, *, rewarded: bool) -> Iterator[Assessed]:
    if not grade:
        yield Assessed(line, written, problem=NO_YEAR)
        return
    for year in dict.fromkeys(years):
        yield Assessed(line, written, str(year), grade, rewarded)


def _up_to(last: int, years: Sequence[int]) -> Sequence[int]:
    """The years after the one named last; only the year itself where the range runs backwards or too far."""
    first = years[-1]
    return range(first + 1, last + 1) if 0 < last - first <= LONGEST_RUN else [last]
