"""Files into the store: read, checked and landed, with an account of every row."""

import contextlib
import csv
import dataclasses
import functools
import io
import itertools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data import (
    bundle,
    contract,
    history,
    keeping,
    key,
    mapping,
    matching,
    people,
    personnel,
    reading,
    roster_posts,
    rosters,
    sealing,
    spreadsheet,
    unit_sheets,
)
from data import month as months
from data.batches import LandingError, batch, pull, refusal
from data.bundle import Bundle, Progress
from data.checking import ERROR, Cells, Checked, Finding, check, unrepeated
from data.headings import Corrections
from data.history import Event
from data.matching import Person, Register, Titles, Unit
from data.passing import Passing
from data.people import Claim, Verdict
from data.reading import Fields, ReadingError, Recognition, Sheet
from data.store import Manifest, Store, default_store

Understood = TypeVar("Understood", bound=Cells | Fields)
FILES_NAMED = 20
"""Files of a batch that the history names."""


@dataclasses.dataclass(frozen=True, slots=True)
class Count:
    """The account of one sheet (or one block of a map): no row may be missing from it."""

    file: str
    sheet: str
    source: str
    rows_in: int
    landed: int
    rejected: int

    def __post_init__(self) -> None:
        """Hold the invariant: rows in = landed + rejected."""
        if self.rows_in != self.landed + self.rejected:
            message = (
                f"{self.file}: {self.rows_in} rows in are not {self.landed} landed and {self.rejected} rejected."
                f" {self.file}：读入{self.rows_in}行，与入库{self.landed}行、退回{self.rejected}行之和不符，未入库。"
            )
            raise LandingError(message)

    def __str__(self) -> str:
        """One line for a person to read."""
        place = f"{self.file}/{self.sheet}" if self.sheet else self.file
        return f"{self.source}  {place}  {self.rows_in} rows in = {self.landed} landed + {self.rejected} rejected"


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What became of the files: the account of every sheet and everything found; `batch` is None after a mere check."""

    counts: tuple[Count, ...]
    findings: tuple[Finding, ...]
    batch: str | None = None
    month: int | None = None
    findings_path: Path | None = None

    @property
    def landed(self) -> int:
        """How many rows landed in all."""
        return sum(count.landed for count in self.counts)

    @property
    def errors(self) -> int:
        """How many things are wrong that somebody should mend: a row can be left out without one, as time of study."""
        return sum(finding.severity == ERROR for finding in self.findings)

    @property
    def rejected(self) -> int:
        """How many rows were rejected in all."""
        return sum(count.rejected for count in self.counts)


@dataclasses.dataclass(frozen=True, slots=True)
class Doubt:
    """A file or row, as findings call it, and the person of whom it may be: people decide (`whose`), nobody else."""

    label: str
    code: str
    name: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Files as they were read and checked: the good rows of each sheet with what was found, and what was left out."""

    parts: tuple[Checked, ...]
    stray: tuple[Finding, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def report(self) -> Report:
        """The account of every sheet and everything found."""
        return _report(self.parts, self.stray)

    @property
    def closed(self) -> frozenset[str]:
        """The files that hold a closed source: no copy of them is kept."""
        return frozenset(part.cells.file for part in self.parts if part.cells.contract.closed)


def land(  # noqa: PLR0913 (all but store and files by keyword)
    store: Store,
    paths: Sequence[Path],
    *,
    map_path: Path | None = None,
    month: int | None = None,
    replace: bool = False,
    whose: Path | None = None,
    whole: bool = False,
    who: str = "",
    progress: Progress = lambda _: None,
) -> Report:
    """Read, check and land files; the good rows become visible together, the others are told about.

    `month` is the data month (YYYYMM); without it, the latest month in which a landed posting starts, else the
    earlier one. `whose` is a CSV of files and rows and whose they are, where people had to decide. With `whole`,
    nothing lands while anything is to be mended. The history says that `who` did it. Raises ReadingError where a file
    or the map cannot be read; then nothing lands.
    """
    with refusal(store):
        pull(store)
    with contextlib.closing(Passing(store)) as passing:
        given = bundle.sort(paths, progress)
        held = Held(store.manifest(), functools.partial(key.kept, store), _whose(whose), replaced=replace, month=month)
        looked = _examine(given, map_path, held, Corrections(store), passing, progress)
        if whole and looked.report.errors:
            return looked.report
        month = month or data_month(store.manifest(), looked.parts, replace=replace)
        kept_out = looked.closed | given.private
        received = [path for path in (*given.tables, map_path) if path and path.name not in kept_out]
        digests = [*given.received, *given.told_of_private()]
        keep = batch(store, month=month, replace=replace, received=received, digests=digests)
        with contextlib.ExitStack() as noted, keep as writer:
            for part in looked.parts:
                if part.good.num_rows:
                    writer.write(part.cells.contract.source, part.table)
            path = store.findings_of(writer.id)
            report = dataclasses.replace(looked.report, batch=writer.id, month=month, findings_path=path)
            write_findings(report.findings, path)
            if report.landed:
                noted.enter_context(history.noted(store, _landed(report, paths, who)))
        return report


def examine(
    paths: Sequence[Path], *, map_path: Path | None = None, store: Store | None = None, whose: Path | None = None
) -> Report:
    """Read and check files as `land` would into this store, and land nothing."""
    return look(store or default_store(), paths, map_path=map_path, whose=whose).report


def look(
    store: Store,
    paths: Sequence[Path],
    *,
    map_path: Path | None = None,
    whose: Path | None = None,
    replace: bool = False,
    progress: Progress = lambda _: None,
) -> Look:
    """Read and check files as `land` would into this store, land nothing, and give the rows that would land."""
    given = bundle.sort(paths, progress)
    held = Held(store.manifest(), functools.partial(key.for_a_look, store), _whose(whose), replaced=replace)
    return _examine(given, map_path, held, Corrections(store), Passing(store), progress)


def _landed(report: Report, paths: Sequence[Path], who: str) -> Event:
    rows: dict[str, int] = {}
    for count in report.counts:
        rows[count.source] = rows.get(count.source, 0) + count.landed
    names = tuple(matching.masked(path.name) for path in paths)
    return Event.now(
        history.LANDED,
        str(report.batch),
        who,
        rows={source: number for source, number in rows.items() if number},
        rejected=report.rejected,
        findings=len(report.findings),
        files=names[:FILES_NAMED],
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """What people and units are matched with: what landed, what people decided; `replaced` where the files take over.

    `month` is the data month that people ask for. `key` gives the key of the store, which is only made where somebody
    is to be known by identifiers.
    """

    manifest: Manifest
    key: Callable[[], bytes] = dataclasses.field(repr=False)
    whose: Mapping[str, str] = dataclasses.field(default_factory=dict)
    replaced: bool = False
    month: int | None = None

    def believed(self, each: Understood) -> Understood:
        """A sheet, its dates believed as far as people or the sheet say, and no further than this month."""
        return dataclasses.replace(each, until=each.until.within(self.month, months.now()))

    def rows(
        self, source: str, parts: Sequence[Checked], names: list[str], *, more: bool = False
    ) -> Iterator[pa.Table]:
        """The rows that landed before or come with the files, the later row of a key last.

        There may be `more` of the source in the files than in `parts`.
        """
        given = [part.good for part in parts if part.cells.contract.source == source]
        forgotten = self.replaced and (more or any(rows.num_rows for rows in given))
        for path in () if forgotten else self.manifest.files(source):
            yield pq.read_table(sealing.source(path), columns=names)
        yield from (rows.select(names) for rows in given)


def _examine(
    given: Bundle,
    map_path: Path | None,
    held: Held,
    corrections: Corrections,
    passing: Passing,
    progress: Progress,
) -> Look:
    parts, fields, stray = _tables(given, map_path, corrections, held, passing, progress)
    for sheet in fields:
        if "unit" in sheet.layout.fills:
            parts.append(unit_sheets.rows(sheet, _units(held, parts)))
    of_people = [sheet for sheet in fields if "unit" not in sheet.layout.fills]
    doubts: list[Doubt] = []
    if given.sources or of_people:
        read, doubts = _of_people(given, of_people, parts, held)
        if not parts and not any(part.cells.rows.size for part in read):
            raise ReadingError(_no_personnel(given))
        parts.extend(read)
    return Look(tuple(_each_key_once(parts, passing)), (*stray, *given.findings), tuple(doubts))


def _of_people(
    given: Bundle, sheets: Sequence[Fields], parts: Sequence[Checked], held: Held
) -> tuple[list[Checked], list[Doubt]]:
    """The rows of personnel files and of sheets that name people, after it was settled who all of them are."""
    secret, titles = held.key(), Titles.load()
    forms = personnel.forms(given, secret, held.whose) if given.sources else []
    listed = [rosters.roster(sheet, secret, held.whose) for sheet in sheets]
    claims = [[form.claim for form in forms], *(each.claims if each.lists_people else [] for each in listed)]
    every = [claim for some in claims for claim in some]
    known = list(_people(held, parts, more=any(claim.sound for claim in every)))
    people.require_known(held.whose, every, known)
    verdicts = people.settled(every, known)
    of_forms, *of_sheets = _shared_out(verdicts, claims)
    units = Register(_units(held, parts), titles.written_out)
    believed = personnel.until(forms, held.month, months.now())
    read = personnel.rows(given.name, forms, of_forms, units, titles, believed) if given.sources else []
    made = roster_posts.rows(listed, of_sheets, read, {person.code for person in known}, units, titles)
    return made, [
        Doubt(claim.label, verdict.alike.code, verdict.alike.name)
        for claim, verdict in zip(every, verdicts, strict=True)
        if verdict.alike
    ]


def _shared_out(verdicts: Sequence[Verdict], claims: Sequence[Sequence[Claim]]) -> Iterator[Sequence[Verdict]]:
    ends = list(itertools.accumulate(map(len, claims)))
    return (verdicts[end - len(some) : end] for end, some in zip(ends, claims, strict=True))


def _tables(
    given: Bundle, map_path: Path | None, corrections: Corrections, held: Held, passing: Passing, progress: Progress
) -> tuple[list[Checked], list[Fields], list[Finding]]:
    blocks = mapping.load(map_path) if map_path else None
    stray: list[Finding] = []
    parts: list[Checked] = []
    fields: list[Fields] = []
    for path in given.tables:
        progress(matching.masked(path.name))
        if blocks is None and (large := _large(path, corrections, held, given, passing)):
            parts.extend(large)
            continue
        unread: list[Finding] = []
        sheets = reading.sheets(path)
        known = [held.believed(each) for sheet in sheets for each in _known(sheet, blocks, corrections, unread, given)]
        if not known and path.name not in given.private:
            raise ReadingError(_nothing_known(path, map_path))
        cells = [each for each in known if isinstance(each, Cells)]
        if unread and (closed := next((each.contract for each in cells if each.contract.closed), None)):
            raise ReadingError(_nothing_beside(path, closed, unread))
        stray.extend(unread)
        parts.extend(map(check, cells))
        fields.extend(each for each in known if isinstance(each, Fields))
    return parts, fields, stray


def _large(path: Path, corrections: Corrections, held: Held, given: Bundle, passing: Passing) -> list[Checked]:
    """The parts of a large csv under a contract, their rows written aside; none where it has to be read as a whole."""
    if not reading.is_large(path):
        return []
    sheets = reading.in_parts(path)
    first = next(sheets)
    as_it_is = reading.recognition(first)
    found = corrections.recognised(first, as_it_is)
    if as_it_is.layout or found.layout or not found.sources:
        return []
    if found.private:
        given.private.add(first.file)
    told: set[Finding] = set()
    return [passing.keep(_once(_checked(sheet, found, held), told)) for sheet in itertools.chain([first], sheets)]


def _checked(sheet: Sheet, found: Recognition, held: Held) -> Checked:
    return check(held.believed(reading.under(sheet, found)))


def _once(checked: Checked, told: set[Finding]) -> Checked:
    """A part of a sheet without what was `told` of its headings with an earlier part."""
    of_headings = [each for each in checked.findings if each.row <= checked.cells.heading_row]
    new = tuple(each for each in checked.findings if each not in told)
    told.update(of_headings)
    return dataclasses.replace(checked, findings=new)


def _whose(path: Path | None) -> dict[str, str]:
    """What people decided: a CSV with the columns file and person_id, in UTF-8."""
    if path is None:
        return {}
    try:
        rows = list(csv.DictReader(sealing.read(path).decode("utf-8-sig").splitlines()))
        return {row["file"].strip(): row["person_id"].strip() for row in rows}
    except (OSError, ValueError, KeyError, AttributeError, csv.Error) as error:
        message = (
            f"{path} cannot be read; it is a CSV in UTF-8 with the columns file and person_id."
            " 人员认定文件无法读取，应为 UTF-8 编码的 CSV，含 file、person_id 两列。"
        )
        raise ReadingError(message) from error


def _units(held: Held, parts: Sequence[Checked]) -> Iterator[Unit]:
    for table in held.rows("unit", parts, ["unit_id", "name", "parent_id", "body", "organ"]):
        yield from (Unit(*row.values()) for row in table.to_pylist())


def _people(held: Held, parts: Sequence[Checked], *, more: bool) -> Iterator[Person]:
    names = ["person_id", "name", "sex", "birth", "work_start"]
    for table in held.rows("member", parts, names, more=more):
        columns = (table[name].to_pylist() for name in names)
        for code, name, sex, birth, work in zip(*columns, strict=True):
            yield Person(code, matching.same_name(name), sex, months.of(birth or 0), months.of(work or 0))


def _no_personnel(given: Bundle) -> str:
    return f"{given.name} holds no personnel file (.lrmx, .lrm) and no table. 没有任免审批表或表格。"


def _nothing_known(path: Path, map_path: Path | None) -> str:
    if map_path:
        return f"{path.name} holds nothing that {map_path.name} knows. 文件中没有该对照所适用的内容。"
    return (
        f"{path.name} holds nothing that any contract knows; give it the headings of `python -m data template`. "
        "文件的列名与任何数据表都不符，请使用模板中的列名，或在页面上更正列名。"
    )


def _nothing_beside(path: Path, closed: contract.Contract, unread: Sequence[Finding]) -> str:
    sheets = "、".join(finding.sheet for finding in unread)
    return (
        f"{path.name}: {closed.title_zh}所在文件不得含无法识别的工作表“{sheets}”，文件未接收。"
        f" A file with {closed.title_en} holds no sheet that no source knows ({sheets});"
        " delete it and send the file again."
    )


def _known(
    sheet: Sheet,
    blocks: Sequence[mapping.Block] | None,
    corrections: Corrections,
    stray: list[Finding],
    given: Bundle,
) -> Sequence[Cells | Fields]:
    found = reading.recognition(sheet)
    if found.private or found.layout:
        given.private.add(sheet.file)
    known: list[Cells | Fields] = []
    if blocks is None:
        known.extend(filter(None, [reading.understand(sheet, corrections.recognised(sheet, found))]))
        if any(isinstance(each, Fields) for each in known):
            given.private.add(sheet.file)
    else:
        known.extend(mapping.translate(block, sheet) for block in blocks if mapping.applies(block, sheet))
    if not known:
        stray.append(reading.unrecognised(sheet, found))
    return known


def _each_key_once(parts: Sequence[Checked], passing: Passing) -> Iterator[Checked]:
    for source in contract.SOURCES:
        same = [part for part in parts if part.cells.contract.source == source]
        held = all(isinstance(part.good, pa.Table) for part in same)
        yield from unrepeated(same, None if held else passing.suspects(same))


def _report(parts: Sequence[Checked], stray: Sequence[Finding]) -> Report:
    findings = (*stray, *(finding for part in parts for finding in part.findings))
    return Report(tuple(_counts(parts)), findings)


def _counts(parts: Sequence[Checked]) -> Iterator[Count]:
    """The account of every sheet, its parts together."""
    begins = [at for at, part in enumerate(parts) if not part.cells.goes_on]
    for first, end in itertools.pairwise([*begins, len(parts)]):
        cells, counts = parts[first].cells, np.sum([_count(part) for part in parts[first:end]], axis=0)
        yield Count(cells.file, cells.sheet, cells.contract.source, *counts.tolist())


def _count(part: Checked) -> tuple[int, int, int]:
    """Rows in, landed and rejected."""
    rejected = int(np.count_nonzero(~np.isin(part.cells.rows, part.rows)))
    return len(part.cells.rows), part.good.num_rows, rejected


def data_month(manifest: Manifest, parts: Sequence[Checked], *, replace: bool) -> int | None:
    """The month (YYYYMM) at which the data stand once `parts` have landed, where nobody says; None where none says."""
    postings = [part for part in parts if part.cells.contract.source == "posting" and part.good.num_rows]
    begun = list(filter(None, map(_begun, postings))) or [part.cells.until.stated or 0 for part in postings]
    known = None if manifest.invented else manifest.month
    earlier = [known] if known and not (replace and begun) else []
    return max([*begun, *earlier], default=None)


def _begun(part: Checked) -> int:
    """The latest month in which a posting of a sheet starts, of those that are believed; 0 where none is."""
    starts, stated = part.good.select(["start"])["start"], part.cells.until.stated
    if stated:
        starts = starts.filter(pc.less(starts, (stated + 1) * 100))
    return months.of(pc.max(starts).as_py() or 0)


def write_findings(findings: Sequence[Finding], path: Path) -> None:
    """Write findings as a CSV that a spreadsheet opens; WriteError where the disk does not take it."""
    names = [field.name for field in dataclasses.fields(Finding)]
    with keeping.writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with io.TextIOWrapper(keeping.created(path, "wb"), encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows(map(spreadsheet.disarmed, each) for each in map(operator.attrgetter(*names), findings))
