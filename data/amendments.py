"""What a department changes of the rules: amendments that follow one another and are never overwritten.

The shipped rules stay as they are. An amendment holds each row as it was and as it shall be; the table in force is the
shipped one with all standing amendments in order. A withdrawal is an entry too: it takes an earlier one out of that
order, as if it had never been made. An entry is a file of its own and takes the first number that was never given.
"""

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pyarrow as pa

from data import audit, contract, keeping, month, policy, reading, sealing
from data.policy import FROM, TO, Flaw, PolicyError, Row
from data.store import Store

MOST_CHARACTERS = 500
OWN_MONTH = {"term_change": "month"}
"""Tables without dates whose rows tell of a month of their own: before an amendment begins none of them moves."""
OF_SOURCE = ("document", "clause", "confirmed")
TO_CONFIRM = "to_confirm"


class AmendmentError(PolicyError):
    """An amendment that cannot stand or be read, with what is wrong in both languages; nothing was changed."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        """Say what is wrong, the rule first."""
        super().__init__("\n".join(f"{flaw.table}, {flaw.record}: {flaw.en} {flaw.zh}" for flaw in flaws))
        self.flaws = tuple(flaws)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row as it was (None: a new one) and as it shall be (None: it ends where the amendment begins)."""

    was: Row | None
    becomes: Row | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What changed of one table together, and why.

    It holds from the month `begins` (YYYYMM) on; None where the rows of the table have no time. `who` entered it at
    `written` (ISO, UTC), by `document` and `clause`, for a `reason`. `withdraws` is the number of an earlier one that
    it takes back; it then changes no row itself. An `invented` one belongs to an example city.
    """

    number: int = 0
    table: str
    begins: int | None
    changes: tuple[Change, ...] = ()
    reason: str
    document: str
    clause: str
    who: str
    written: str
    withdraws: int | None = None
    invented: bool = False

    @property
    def subjects(self) -> set[tuple[Any, ...]]:
        """What the rows are about that it changes."""
        given = (row for change in self.changes for row in (change.was, change.becomes) if row)
        return {policy.subject(self.table, row) for row in given}


def history(store: Store) -> tuple[Amendment, ...]:
    """Every entry, oldest first; those of an example city only while the store holds nothing real."""
    invented = store.manifest().invented
    return tuple(each for each in _every(store) if invented or not each.invented)


def standing(entries: Sequence[Amendment]) -> tuple[Amendment, ...]:
    """The amendments that nobody has withdrawn; give all entries, oldest first."""
    gone = {entry.withdraws for entry in entries}
    return tuple(entry for entry in entries if entry.withdraws is None and entry.number not in gone)


def tables(store: Store, shipped: Path = policy.FOLDER, more: Sequence[Amendment] = ()) -> dict[str, pa.Table]:
    """Every policy table of a store by name: as shipped, with what was amended, and perhaps with `more`."""
    entries = (*history(store), *more)
    return {name: amended(name, rules, entries) for name, rules in policy.all_tables(shipped).items()}


def table(store: Store, name: str, shipped: Path = policy.FOLDER) -> pa.Table:
    """One policy table of a store: as shipped, with what was amended."""
    return amended(name, policy.read(name, shipped), history(store))


def amended(name: str, shipped: pa.Table, entries: Sequence[Amendment]) -> pa.Table:
    """A table with the standing amendments in order; AmendmentError where one of them no longer fits."""
    own = [entry for entry in standing(entries) if entry.table == name]
    if not own:
        return shipped
    rows: list[Row] = list(policy.rows(shipped, name))
    for entry in own:
        for change in entry.changes:
            rows = _changed(rows, change, entry)
    made, flaws = policy.typed(name, rows)
    if flaws:
        raise AmendmentError(flaws)
    return made


def differences(
    name: str,
    before: Sequence[Row],
    after: Sequence[Row],
    begins: int | None,
    source: Mapping[str, str],
) -> tuple[Change, ...]:
    """What changes where rows in force (`before`) shall read otherwise (`after`) from the month `begins` on.

    `source` (document, clause, confirmed) is written into each changed row; a new one, or one that is confirmed beside,
    may say so itself. A row that is only confirmed is replaced as long as it holds: who stands behind a rule does not
    change what it asks.
    """
    was = {policy.subject(name, row): row for row in before}
    shall = {policy.subject(name, row): row for row in after}
    if len(shall) < len(after):
        twice = [key for key in shall if sum(policy.subject(name, row) == key for row in after) > 1]
        raise AmendmentError([_twice(name, key) for key in twice])
    changes = [
        Change(was=was.get(key), becomes=_from_then_on(name, was.get(key), row, begins, source))
        for key, row in shall.items()
        if row != was.get(key)
    ]
    ended = [Change(was=row, becomes=None) for key, row in was.items() if key not in shall]
    return (*changes, *ended)


def from_file(
    path: Path, name: str, before: Sequence[Row], begins: int | None, source: Mapping[str, str], *, whole: bool = False
) -> tuple[Change, ...]:
    """What changes where a file says how rows of a table shall read from `begins` on; its own dates are passed over.

    Rows that the file does not hold stay as they are, or end where it is the `whole` table. One that but names another
    document is a copy from before the row in force, and no change. ReadingError where the
    file cannot be read, AmendmentError where its rows are not what the contract asks.
    """
    given = _rows_of_file(path, name, begins)
    shall = {policy.subject(name, row): row for row in given}
    was = {policy.subject(name, row): row for row in before}
    alike = [{**row, FROM: was[key][FROM]} if FROM in row and key in was else row for key, row in shall.items()]
    alike = [
        dict(was[key]) if _is_copy(was.get(key), row, source) else row for key, row in zip(shall, alike, strict=True)
    ]
    kept = [] if whole else [row for key, row in was.items() if key not in shall]
    if len(shall) < len(given):
        alike = given
    return differences(name, before, [*alike, *kept], begins, source)


def record(store: Store, amendment: Amendment, shipped: Path = policy.FOLDER) -> Amendment:
    """Keep an amendment after all earlier ones, and give it as kept; AmendmentError says why it cannot stand."""
    _require_words(amendment)
    _require_sound(store, amendment, shipped)
    with _writing(store), audit.entered(store, "changed", amendment.who, amendment.table, reason=amendment.reason):
        return _numbered(store, amendment, shipped)


def _numbered(store: Store, amendment: Amendment, shipped: Path) -> Amendment:
    """Keep an amendment under the next number, sound after whatever others kept meanwhile."""
    while True:
        number = _next(_every(store))
        _require_sound(store, amendment, shipped)
        made = dataclasses.replace(amendment, number=number, invented=store.manifest().invented)
        if keeping.put_first(store.amendments / f"{number:04d}.json", _text(made)):
            return made


def rules_with(store: Store, amendment: Amendment, shipped: Path = policy.FOLDER) -> dict[str, pa.Table]:
    """Every policy table as it would be with one more amendment; AmendmentError names all that it may not do."""
    _require_sound(store, amendment, shipped)
    return _tables_with(store, amendment, shipped)


def withdrawal(store: Store, number: int, *, reason: str, who: str, written: str) -> Amendment:
    """The entry that takes an amendment back, not yet kept; AmendmentError where there is none of that number."""
    for entry in history(store):
        if entry.number == number and entry.withdraws is None:
            return Amendment(
                table=entry.table,
                begins=entry.begins,
                reason=reason,
                document=entry.document,
                clause=entry.clause,
                who=who,
                written=written,
                withdraws=number,
            )
    message = f"There is no amendment {number}; `python -m data amendments` lists them.", f"没有第 {number} 号修改。"
    raise AmendmentError([Flaw("amendments", str(number), "number", str(number), *message)])


def _rows_of_file(path: Path, name: str, begins: int | None) -> list[dict[str, str]]:
    known = [cells for sheet in reading.sheets(path) if (cells := reading.recognise(sheet, (name,)))]
    if not known:
        message = (
            f"{path.name} has none of the headings of {name}; `python -m data rules {name}` writes them."
            f" {path.name}没有该规则表的列名，请使用导出的规则表。"
        )
        raise reading.ReadingError(message)
    cells = known[0]
    table, flaws = policy.typed(name, [{**row, **_dated(name, begins)} for row in cells.text.to_pylist()])
    if flaws:
        raise AmendmentError(flaws)
    return policy.rows(table, name)


def _from_then_on(
    name: str, was: Row | None, row: Row, begins: int | None, source: Mapping[str, str]
) -> dict[str, str]:
    """The row as it shall be: with its source, and from its month on unless only the source is another."""
    if was is not None and _differing(was, row) <= set(OF_SOURCE):
        return dict(row)
    own = _says_itself(was, row)
    given = {c: text for c, text in source.items() if text and c in policy.row_columns(name) and c not in own}
    return {**row, **given, **_dated(name, begins)}


def _dated(name: str, begins: int | None) -> dict[str, str]:
    """From when on a row holds that changes in the month `begins`; nothing in a table without dates."""
    return {FROM: month.text(begins)} if policy.is_dated(name) and begins else {}


def _says_itself(was: Row | None, row: Row) -> set[str]:
    """The source columns that hold for the row as written; a document other than that in force is an old copy's."""
    if was is None:
        return {column for column in OF_SOURCE if row.get(column)}
    edited = _differing(was, row) & set(OF_SOURCE)
    return edited if edited == {"confirmed"} else set()


def _is_copy(was: Row | None, row: Row, source: Mapping[str, str]) -> bool:
    """Whether a row asks what is in force and only names another document, while the change names one of its own."""
    if was is None or not source.get("document"):
        return False
    differing = _differing(was, row)
    return differing <= set(OF_SOURCE) and differing != {"confirmed"}


def _changed(rows: Sequence[Row], change: Change, entry: Amendment) -> list[Row]:
    """The rows after one change: the old row ends where the new one begins, or gives way to it."""
    if change.was is None:
        return [*rows, dict(change.becomes or {})]
    key = contract.load(entry.table).key
    place = next(
        (place for place, row in enumerate(rows) if all(row[column] == change.was[column] for column in key)), None
    )
    if place is None:
        raise _refused(
            entry,
            _record(entry.table, change.was),
            f"Amendment {entry.number} begins from a row that is no longer there; withdraw it and enter it again.",
            f"第 {entry.number} 号修改所依据的行已不存在；请撤回后重新录入。",
        )
    return [*rows[:place], *_in_its_place(rows[place], change, entry), *rows[place + 1 :]]


def _in_its_place(old: Row, change: Change, entry: Amendment) -> Iterator[Row]:
    if policy.is_dated(entry.table):
        ends = change.becomes[FROM] if change.becomes else month.text(entry.begins or 0)
        if ends > old[FROM]:
            yield {**old, TO: ends}
    if change.becomes:
        yield dict(change.becomes)


def _tables_with(store: Store, amendment: Amendment, shipped: Path) -> dict[str, pa.Table]:
    return tables(store, shipped, [dataclasses.replace(amendment, number=_next(history(store)))])


def _require_sound(store: Store, amendment: Amendment, shipped: Path) -> None:
    """AmendmentError names all that an amendment may not do; what was wrong before it is no reason."""
    if flaws := [*_unfounded(store, amendment, shipped)]:
        raise AmendmentError(flaws)
    known = {*_wrong(amendment.table, lambda: tables(store, shipped))}
    after = _wrong(amendment.table, lambda: _tables_with(store, amendment, shipped))
    if flaws := [flaw for flaw in after if flaw not in known]:
        raise AmendmentError(flaws)


def _wrong(name: str, given: Callable[[], Mapping[str, pa.Table]]) -> tuple[Flaw, ...]:
    """What is wrong with a table, or why there is none: an amendment may begin from a row that is not shipped now."""
    try:
        made = given()
    except AmendmentError as error:
        return error.flaws
    return (*policy.discontinuous(name, made[name]), *policy.broken(made, name))


def _unfounded(store: Store, amendment: Amendment, shipped: Path) -> Iterator[Flaw]:
    """What an amendment may not do whatever it says: change what is no longer so, or what is past or built upon."""
    name = amendment.table
    if amendment.withdraws is not None:
        yield from _kept_by(amendment, history(store))
        return
    if name not in policy.names():
        yield _flaw(amendment, "", "This is no table of rules.", "这不是规则表。")
        return
    if amendment.begins is None and (policy.is_dated(name) or name in OWN_MONTH):
        yield _flaw(amendment, "", "Say from which month on it holds.", "请填写自何年何月起生效。")
    if not amendment.changes:
        yield _flaw(amendment, "", "Nothing would change; alter a row first.", "没有任何变动，请先修改表中的行。")
    for change in amendment.changes:
        yield from _out_of_time(amendment, change)
    yield from _meanwhile(amendment, policy.rows(table(store, name, shipped), name))


def _meanwhile(amendment: Amendment, rows: Sequence[Row]) -> Iterator[Flaw]:
    """The rows that somebody else has changed since they were looked at."""
    for change in amendment.changes:
        if change.was is not None and dict(change.was) not in rows:
            yield Flaw(
                amendment.table,
                _record(amendment.table, change.was),
                "unchanged",
                "",
                "The row has been changed meanwhile; look at it as it is now and enter the change again.",
                "该行已被他人修改；请查看最新内容后重新录入。",
            )


def _out_of_time(amendment: Amendment, change: Change) -> Iterator[Flaw]:
    """What an amendment may not touch because it lies before the amendment begins."""
    column = OWN_MONTH.get(amendment.table)
    if not column or not amendment.begins or _only_confirms(change):
        return
    for row in filter(None, (change.was, change.becomes)):
        if row[column] < month.text(amendment.begins):
            yield Flaw(
                amendment.table,
                _record(amendment.table, row),
                "not_before",
                row[column],
                f"{row[column]} lies before the change begins ({month.text(amendment.begins)}); what has been held "
                "stays as it was.",
                f"{row[column]} 早于本次修改的生效年月（{month.text(amendment.begins)}）；已发生的不再改动。",
            )


def _only_confirms(change: Change) -> bool:
    """Whether only who stands behind a row changes, and by what, not what it says."""
    was, becomes = change.was, change.becomes
    return was is not None and becomes is not None and _differing(was, becomes) <= set(OF_SOURCE)


def _differing(was: Row | None, row: Row) -> set[str]:
    return {column for column in row if was is None or row[column] != was[column]}


def _kept_by(amendment: Amendment, entries: Sequence[Amendment]) -> list[Flaw]:
    """Why an amendment cannot be withdrawn: it has been, or a later one stands on it."""
    held = {entry.number: entry for entry in standing(entries)}
    number = amendment.withdraws or 0
    if number not in held:
        return [
            _flaw(amendment, str(number), f"Amendment {number} is withdrawn already.", f"第 {number} 号修改已撤回。")
        ]
    on_it = [
        entry.number
        for entry in held.values()
        if entry.number > number and entry.table == amendment.table and entry.subjects & held[number].subjects
    ]
    return [
        _flaw(
            amendment,
            str(number),
            f"Amendment {later} changes the same rule after it; withdraw that one first.",
            f"第 {later} 号修改在其后又改动了同一规定；请先撤回第 {later} 号。",
        )
        for later in on_it[-1:]
    ]


def _require_words(amendment: Amendment) -> None:
    told = {
        "reason": (amendment.reason, "the reason", "变动原因"),
        "document": (amendment.document, "the document it follows", "依据文件"),
        "who": (amendment.who, "who enters it", "登记人"),
    }
    if "clause" in policy.row_columns(amendment.table):
        told["clause"] = (amendment.clause, "its clause", "条款")
    flaws = [
        _flaw(
            amendment,
            "",
            f"Say {en}, in at most {MOST_CHARACTERS} characters.",
            f"请填写{zh}（不超过 {MOST_CHARACTERS} 字）。",
        )
        for text, en, zh in told.values()
        if not 0 < len(text.strip()) <= MOST_CHARACTERS
    ]
    if flaws:
        raise AmendmentError(flaws)


def _twice(name: str, key: tuple[Any, ...]) -> Flaw:
    return Flaw(
        name,
        " ".join(map(str, key)),
        "once",
        "",
        "There are two rows of it; delete one, or give one another code.",
        "有两行编码相同；请删除其中一行，或更改编码。",
    )


def _flaw(amendment: Amendment, record: str, en: str, zh: str) -> Flaw:
    return Flaw(amendment.table, record, "amendment", "", en, zh)


def _refused(amendment: Amendment, record: str, en: str, zh: str) -> AmendmentError:
    return AmendmentError([_flaw(amendment, record, en, zh)])


def _record(name: str, row: Row) -> str:
    return " ".join(map(str, policy.subject(name, row)))


def _next(entries: Sequence[Amendment]) -> int:
    return max((entry.number for entry in entries), default=0) + 1


def _every(store: Store) -> tuple[Amendment, ...]:
    return tuple(map(_read, keeping.numbered(store.amendments, ".json")))


def _read(path: Path) -> Amendment:
    try:
        given = json.loads(sealing.read_text(path))
        changes = tuple(Change(**change) for change in given.pop("changes"))
        return Amendment(number=int(path.stem), changes=changes, **given)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        sentences = (
            f"{path} cannot be read ({error}); mend it or move it away.",
            f"{path} 无法读取（{error}）；请修复或移走该文件。",
        )
        raise AmendmentError([Flaw("amendments", path.stem, "readable", "", *sentences)]) from error


def _text(amendment: Amendment) -> str:
    given = {name: value for name, value in dataclasses.asdict(amendment).items() if name != "number"}
    return keeping.text(given)


def _writing(store: Store) -> AbstractContextManager[None]:
    return keeping.refusal("The amendment", "修改", store.amendments, _unwritten)


def _unwritten(en: str, zh: str) -> AmendmentError:
    return AmendmentError([Flaw("amendments", "", "writable", "", en, zh)])
