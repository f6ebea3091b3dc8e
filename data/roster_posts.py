"""The posts and assessments of sheets that name people and units as people do: whom a row means, what it lets land."""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from data import cell, contract, layout, matching, month, posts
from data.cell import Problem
from data.checking import ERROR, NO_ROW, Cells, Checked, Finding, check, typed
from data.matching import Register, Titles, Unit
from data.people import Note, Verdict
from data.posts import NO_UNIT, STUDY, Class, Held, Post
from data.rosters import AS_THEY_STAND, Draft, Roster, cells, coded, is_other, members, texts
from data.standing import COMPLETED, Standing, Told, completed, standings

MADE = ("person_id", "unit_id", "post", "role", "level", "rank", "primary", "counted", "exchange_kind")
"""The columns of a posting that are made from more than one field."""
READ_FROM = {"person_id": "name", "unit_id": "unit", "role": "post", "counted": "post"}
IN_POST = "现职"

PERSON_NOT_LANDED = Problem(
    "The person of this row did not land, so this post or year did not either.",
    "此行的人员未导入，相应的职务或考核也未导入。",
    "Mend what is said of the person.",
    "请先更正人员信息。",
)
NOBODY_MEANT = Problem(
    "The row has no valid ID number, and nobody in this workbook has the same name, sex and birth.",
    "此行没有有效的身份证号，且同一工作簿中没有姓名、性别、出生年月相同的人员。",
    "Fill in the ID number, or add the person to the sheet of people.",
    "请补填身份证号，或在人员基本信息表中补充此人。",
)
SEVERAL_MEANT = Problem(
    "The row has no valid ID number, and more than one person in this workbook has the same name, sex and birth.",
    "此行没有有效的身份证号，且同一工作簿中有多人姓名、性别、出生年月相同。",
    "Fill in the ID number.",
    "请补填身份证号。",
)
NO_POST = Problem("The row names no post.", "此行没有填写职务。", "Write the unit and the post.", "请填写单位和职务。")
UNIT_EMPTY = Problem(
    "The row names no unit; under a merged cell only the first row has one.",
    "此行没有单位；合并单元格只有首行有内容。",
    "Unmerge the cells and write the unit in every row.",
    "请取消合并单元格，并在每行填写单位。",
)
OTHER_UNIT = Problem(
    "The post is in another unit than the one that the row names.",
    "职务所在单位与“单位”一栏不一致。",
    "Correct one of the two.",
    "请更正其中之一。",
)
START_OF_ONE = Problem(
    "The roster gives one start; when this further post began it does not say.",
    "名册只有一个任现职时间，无法确定此兼任职务的任职时间。",
    "Give the person a second row with this post and its start.",
    "请为此兼任职务另填一行，写明任职时间。",
)
ALREADY_TOLD = Problem(
    "The personnel file of the person has a post in this unit with this start; it landed from there,"
    " and what the file leaves empty of level, rank or exchange was taken from this row.",
    "任免审批表已有该单位同一任职时间的职务，已从中导入；其中未填的职务层次、职级、交流情况按本行补充。",
    "Nothing is to be done.",
    "无需处理。",
)
OTHER_ROLE = Problem(
    "The personnel file of the person has a post in this unit with this start in another role; it landed from there,"
    " and nothing was taken from this row.",
    "任免审批表已有该单位同一任职时间的职务，但成员类别与本行不同；已按任免审批表导入，本行未采用。",
    "Look which of the two names the post rightly.",
    "请核实职务名称以哪一份为准。",
)
NO_STATE = Problem(
    "This says neither that the post is held nor that it was left.",
    "无法判断是在任还是已免。",
    "Write 在任 or 已免.",
    "请填写“在任”或“已免”。",
)
LEFT_WHEN = Problem(
    "The post was left, and the row does not say when.",
    "任职状态为已免，但没有免职时间。",
    "Fill in when it was left.",
    "请补填免职时间。",
)
HELD_AND_LEFT = Problem(
    "The post is said to be held, and to have been left in this month.",
    "任职状态为在任，却填有免职时间。",
    "Correct one of the two.",
    "请更正其中之一。",
)
NOT_IN_POST = Problem(
    "The sheet of people says that the person is no longer in post, and this post has no end.",
    "人员状态不是现职，而此职务没有免职时间。",
    "Fill in when the post was left, or correct the state of the person.",
    "请补填免职时间，或更正人员状态。",
)
LEVEL_NOT_KEPT = Problem(
    "The dashboard has no such post level; it was left empty.",
    "看板不使用此职务层次，此项留空。",
    "Nothing is to be done, unless it should be another.",
    "如填写无误，无需处理。",
)
EXCHANGED_HOW = Problem(
    "The post is said to come from an exchange, and the row does not say of which kind.",
    "填有“是否交流”，但没有交流方式。",
    "Fill in the kind of exchange.",
    "请补填交流方式。",
)

HARMLESS = frozenset({ALREADY_TOLD, NO_ROW, OTHER_ROLE, STUDY})
"""What keeps a row out though nothing is wrong with it."""


def rows(
    rosters: Sequence[Roster],
    verdicts: Sequence[Sequence[Verdict]],
    files: Sequence[Checked],
    known: set[str],
    units: Register,
    titles: Titles,
) -> list[Checked]:
    """The rows of personnel files, as rosters complete them, and of all sheets that name people.

    `verdicts` are those on the claims of the sheets that list people. `files` are the sources of the personnel files
    that came with them, `known` the codes of people who landed before or come with them.
    """
    listed = [members(each, some) for each, some in zip(rosters, verdicts, strict=True) if each.lists_people]
    of_people = [part for part in (*files, *listed) if part.cells.contract.source == "member"]
    landed = known.union(*(part.table["person_id"].to_pylist() for part in of_people))
    reference = Reference(rosters, verdicts, landed)
    standing, told = standings(files), list[Told]()
    read = PostReader(units, titles)
    made = list(listed)
    for each, some in zip(rosters, verdicts, strict=True):
        meant = reference.meant(each, some)
        if "posting" in each.given.layout.fills:
            part, of_files = postings(each, meant, standing, reference.states, read)
            made.append(part)
            told.extend(of_files)
        if "assessment" in each.given.layout.fills:
            made.append(assessments(each, meant))
    return [*completed(files, told), *made]


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a row of a sheet means: the code, or why it means nobody."""

    code: str = ""
    problem: Problem | None = None


class Reference:
    """Whom rows mean: by ID number, by the key of an export, by a code, or by name, sex and birth in a workbook."""

    def __init__(self, rosters: Sequence[Roster], verdicts: Sequence[Sequence[Verdict]], landed: set[str]) -> None:
        """Know the people that sheets list, after they were settled; `landed` are the codes that rows may have."""
        self.landed = landed
        self.keys: dict[str, str] = {}
        self.alike: dict[tuple[str, tuple[str, str, int]], set[str]] = {}
        self.states: dict[str, str] = {}
        referred = any(not given.lists_people for given in rosters)
        for given, of_rows in zip(rosters, verdicts, strict=True):
            if given.lists_people and (referred or "person_state" in given.given.text):
                self._know(given, of_rows)

    def _know(self, given: Roster, verdicts: Sequence[Verdict]) -> None:
        keys, states = texts(given.given, "person_key"), coded(given.given, "person_state")
        for place, meant in enumerate(_listed(given, verdicts)):
            self.keys[keys[place]] = meant.code
            if meant.code:
                self.alike.setdefault((given.given.found.file, given.alike(place)), set()).add(meant.code)
                self.states[meant.code] = states[place] or ""
        self.keys.pop("", None)

    def meant(self, given: Roster, verdicts: Sequence[Verdict]) -> list[Meant]:
        """Whom each row of a sheet means, and nobody who did not land."""
        every = _listed(given, verdicts) if given.lists_people else self._referred(given)
        out = Meant(problem=PERSON_NOT_LANDED)
        return [each if each.problem or each.code in self.landed else out for each in every]

    def _referred(self, given: Roster) -> Iterator[Meant]:
        for place, key in enumerate(texts(given.given, "person_key")):
            claim = given.claims[place]
            if key and not given.numbers[place]:
                yield Meant(self.keys.get(key, "" if self.keys else key))
            elif claim.person and not claim.person.code.startswith(matching.BY_NAME):
                yield Meant(claim.person.code)
            else:
                yield self._by_name(given, place)

    def _by_name(self, given: Roster, place: int) -> Meant:
        codes = self.alike.get((given.given.found.file, given.alike(place)), set())
        if len(codes) == 1:
            return Meant(next(iter(codes)))
        return Meant(problem=SEVERAL_MEANT if codes else NOBODY_MEANT)


def _listed(given: Roster, verdicts: Sequence[Verdict]) -> Iterator[Meant]:
    """Whom the rows of a sheet of people mean; a further row of one person means him too."""
    for claim, verdict in zip(given.claims, verdicts, strict=True):
        kept_out = is_other(claim, verdict.first) if verdict.first else verdict.problem
        yield Meant(claim.person.code if claim.person and not kept_out else "")


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of posts: where, what, and what a table tells beside the title."""

    unit_id: str
    unit: str
    duty: str
    post: str
    kind: str
    in_team: str
    leading: str


class PostReader:
    """From what a row says of posts to posts; rows that say the same are read once."""

    def __init__(self, units: Register, titles: Titles) -> None:
        """Read with these units and words."""
        self.units = units
        self.titles = titles
        self._read: dict[Said, list[Post | Problem]] = {}

    def posts(self, said: Said) -> list[Post | Problem]:
        """The posts of a row, the one in its own unit first; each is a post or says why it is none."""
        if said not in self._read:
            self._read[said] = self._posts(said)
        return self._read[said]

    def _posts(self, said: Said) -> list[Post | Problem]:
        within = self._within(said)
        if isinstance(within, Problem):
            return [within]
        written = said.duty or said.post
        if not written:
            return [NO_POST]
        groups = posts.by_unit(written, self.units, self.titles, within)
        if within and not self._stands_in(groups[0].units, within):
            return [OTHER_UNIT]
        if not said.duty:
            every = [title for group in groups for title in group.titles]
            groups = [Held(groups[0].units, every, [written])]
        in_team = cell.narrow(said.in_team) in cell.YES
        beside = Class(said.kind, in_team, said.leading)
        return [posts.post(group, self.titles, beside if at == 0 else None) for at, group in enumerate(groups)]

    def _within(self, said: Said) -> tuple[Unit, ...] | Problem:
        if said.unit_id:
            return (self.units.units[said.unit_id],) if said.unit_id in self.units.units else NO_UNIT
        if said.unit:
            found = self.units.whole(said.unit)
            return posts.several(found) if len(found) > 1 else found or NO_UNIT
        return () if said.duty else UNIT_EMPTY

    def _stands_in(self, found: Sequence[Unit], within: Sequence[Unit]) -> bool:
        return any({unit, *self.units.above(unit)} & set(within) for unit in found)


@dataclass(slots=True)
class _Lines:
    """Postings as they are made: of which row each is, its text by column, what is wrong and what is to be said."""

    of: list[int] = field(default_factory=list)
    text: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in MADE})
    problems: dict[int, Problem] = field(default_factory=dict)
    warned: dict[int, Problem] = field(default_factory=dict)
    notes: list[tuple[int, Note]] = field(default_factory=list)

    def add(self, place: int, said: Mapping[str, str], problem: Problem | None, notes: Sequence[Note]) -> None:
        """One more posting, of the row at this place."""
        line = len(self.of)
        self.of.append(place)
        for name, column in self.text.items():
            column.append(said.get(name, ""))
        if problem:
            (self.warned if problem in HARMLESS else self.problems)[line] = problem
        if problem in {None, ALREADY_TOLD}:
            self.notes.extend((line, note) for note in notes)


def postings(
    roster: Roster,
    meant: Sequence[Meant],
    standing: Mapping[str, Standing],
    states: Mapping[str, str],
    read: PostReader,
) -> tuple[Checked, list[Told]]:
    """The postings of a sheet, and what it says of posts that landed from personnel files.

    `meant` says of whom each row is, `standing` what personnel files say is held.
    A row of a roster is where someone stands today; a further row of the same person is a further post. `states` is
    the state (现职, 离退 …) of people by code.
    """
    lines, listed, table = _Lines(), set[str](), _Table(roster)
    for place, said in enumerate(_said(roster)):
        if roster.no_rows[place]:
            continue
        who = meant[place]
        for at, post in enumerate(read.posts(said)):
            problem = who.problem or table.problem(place, post, at, states.get(who.code, ""))
            if isinstance(post, Problem):
                lines.add(place, {"person_id": who.code}, problem or post, ())
                continue
            problem = problem or table.told_before(place, post, standing.get(who.code))
            first = at == 0 and not (table.today and who.code in listed)
            text, notes = table.line(place, post, first=first)
            lines.add(place, {**text, "person_id": who.code}, problem, notes)
        listed.add(who.code)
    draft = table.draft(lines)
    already = {at: standing[lines.text["person_id"][at]] for at, why in lines.warned.items() if why is ALREADY_TOLD}
    told, unread = _told_of_files(draft.cells, already)
    draft.cells = dataclasses.replace(draft.cells, findings=(*draft.cells.findings, *unread))
    return draft.checked(), told


def _told_of_files(given: Cells, already: Mapping[int, Standing]) -> tuple[list[Told], list[Finding]]:
    """What rows say of the posts where they stand by place in the cells, and what of it cannot be read."""
    if not already:
        return [], []
    kept = np.isin(np.arange(len(given.rows)), list(already))
    checked = check(given.only(kept))
    standing = dict(zip(given.rows[kept].tolist(), (already[at] for at in sorted(already)), strict=True))
    rows = zip(checked.rows.tolist(), checked.table.select(COMPLETED).to_pylist(), strict=True)
    unread = [each for each in checked.findings if each.value and each.severity == ERROR]
    return [Told(standing[row], values) for row, values in rows], unread


def _said(roster: Roster) -> Iterator[Said]:
    given = roster.given
    known = ((meaning or "") for meaning in coded(given, "member_class"))
    leading = ((meaning or "") for meaning in coded(given, "post_kind"))
    plain = (texts(given, name) for name in ("unit_id", "unit", "duty", "post"))
    for unit_id, unit, duty, post, kind, team, leads in zip(
        *plain, known, texts(given, "in_team"), leading, strict=True
    ):
        yield Said(unit_id, unit, duty, post, kind, team, leads)


class _Table:
    """What a sheet of posts says beside unit and title, by row."""

    def __init__(self, roster: Roster) -> None:
        given = roster.given
        self.roster = roster
        self.today = given.layout.today
        self.states = coded(given, "state")
        self.ends = texts(given, "end")
        self.levels, self.ranks = texts(given, "level"), texts(given, "rank")
        self.exchanged, self.kinds = texts(given, "exchanged"), texts(given, "exchange_kind")
        self.primary = texts(given, "primary")
        self.starts = self._starts()

    def _starts(self) -> Sequence[int | None]:
        given = self.roster.given
        if "start" not in given.text:
            return [None] * len(given.rows)
        of_starts = cells(given, "posting", {"start": given.text["start"]}, {"start": "start"})
        starts: list[int | None] = typed(of_starts, "start").to_pylist()
        return starts

    def problem(self, place: int, post: Post | Problem, at: int, state: str) -> Problem | None:
        """What in a row keeps its `at`-th post out, beside the post itself."""
        if isinstance(post, Problem):
            return None
        if at and self.today:
            return START_OF_ONE
        held, ends = self.states[place], self.ends[place]
        if held is None:
            return NO_STATE
        if held == "left" and not ends:
            return LEFT_WHEN
        if held == "held" and ends:
            return HELD_AND_LEFT
        return NOT_IN_POST if not ends and state not in {"", IN_POST} else None

    def told_before(self, place: int, post: Post, standing: Standing | None) -> Problem | None:
        """Whether a personnel file tells where someone stands today, and if it says the same."""
        if standing is None or not self.today:
            return None
        start = self.starts[place]
        if standing.unit == post.unit.code and start is not None and month.of(start) == standing.start:
            return ALREADY_TOLD if standing.role == post.role else OTHER_ROLE
        return _told_otherwise(standing)

    def line(self, place: int, post: Post, *, first: bool) -> tuple[dict[str, str], list[Note]]:
        """The text of a posting and what is to be said of it."""
        notes: list[Note] = []
        level, rank = self.levels[place] if first else "", self.ranks[place] if first else ""
        if level and not _level_kept(level):
            notes.append(("level", level, LEVEL_NOT_KEPT))
            level = ""
        if rank and _is_level(rank):
            level, rank = level or rank, ""
        if self.exchanged[place] and not self.kinds[place] and cell.narrow(self.exchanged[place]) in cell.YES:
            notes.append(("exchange_kind", "", EXCHANGED_HOW))
        kept = first and not post.seconded
        return {
            "unit_id": post.unit.code,
            "post": post.title,
            "role": post.role,
            "level": level or post.level,
            "rank": _rank(rank) if rank else post.rank,
            "primary": self.primary[place] if kept else "no",
            "counted": "" if kept else "no",
            "exchange_kind": "secondment" if post.seconded else self.kinds[place],
        }, notes

    def draft(self, lines: _Lines) -> Draft:
        """The postings as rows on their way."""
        given, of = self.roster.given, np.array(lines.of, np.int64)
        plain = {name: given.text[name].take(pa.array(of)) for name in AS_THEY_STAND["posting"] if name in given.text}
        made = {name: pa.array(column, pa.string()) for name, column in lines.text.items()}
        fields = {name: name for name in (*plain, *MADE)} | READ_FROM | {"post": "duty" if self.today else "post"}
        drawn = cells(given, "posting", {**plain, **made}, fields, of)
        return Draft(drawn, lambda at: _written(self.roster, lines.of[at]), lines.problems, lines.warned, lines.notes)


def _written(roster: Roster, place: int) -> str:
    said = (str(roster.given.text[name][place]) for name in ("unit", "duty", "post") if name in roster.given.text)
    return " ".join((roster.names[place], *said)).strip()


@functools.lru_cache(maxsize=4_096)
def _is_level(text: str) -> bool:
    return contract.fold(text) in _levels()


@functools.lru_cache(maxsize=4_096)
def _rank(text: str) -> str:
    return layout.values("rank").get(contract.fold(text), text)


@functools.lru_cache(maxsize=4_096)
def _level_kept(level: str) -> bool:
    return layout.values("level").get(contract.fold(level), level) == level


@functools.cache
def _levels() -> frozenset[str]:
    """Every word for a post level that the contract knows, codes apart."""
    names = (name for choice in contract.load("posting").column("level").choices for name in choice.names)
    return frozenset(contract.fold(name) for name in names if not name.isascii())


def assessments(roster: Roster, meant: Sequence[Meant]) -> Checked:
    """The assessments of a sheet; `meant` says of whom each row is."""
    given = roster.given
    columns = {name: given.text[name] for name in AS_THEY_STAND["assessment"] if name in given.text}
    columns["person_id"] = pa.array([each.code for each in meant], pa.string())
    fields = {name: name for name in columns} | {"person_id": "name"}
    draft = Draft(cells(given, "assessment", columns, fields), roster.names.__getitem__)
    for place, each in enumerate(meant):
        problem = NO_ROW if roster.no_rows[place] else each.problem
        if problem:
            (draft.warned if problem in HARMLESS else draft.problems)[place] = problem
    return draft.checked()


def _told_otherwise(standing: Standing) -> Problem:
    return Problem(
        f"The personnel file {standing.file} says that the person stands in {standing.unit} since "
        f"{month.text(standing.start)}; the roster says otherwise, and the file was taken.",
        f"任免审批表{standing.file}中此人自{month.text(standing.start)}起在{standing.unit}任职，与名册不一致；以任免审批表为准。",
        "Look which of the two is newer and send only that one, or correct the other.",
        "请核实哪一份较新，只报送较新的一份，或更正另一份。",
    )
