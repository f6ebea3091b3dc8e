"""The data at the command line: python -m data template | check | difference | land | withdraw | history | …."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from data import (
    amendments,
    archive,
    audit,
    batches,
    contract,
    difference,
    history,
    keeping,
    key,
    lake,
    landing,
    month,
    policy,
    readers,
    resealing,
    sealing,
    sessions,
    spreadsheet,
    steps,
    template,
)
from data.batches import LandingError
from data.checking import Finding
from data.landing import Report
from data.store import Store, default_store

FINDINGS_SHOWN = 20
REJECTED, UNUSABLE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 where all went well, 1 where a check rejects rows or none lands, 2 where a file is no use."""
    given = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = given.command
    try:
        if command not in OUTSIDE:
            resealing.finish(given.store)
        if command not in OUTSIDE | TURNING | {_join}:  # who joins takes over the seal of the lake
            sealing.verify(given.store.root)
        return command(given)
    except (OSError, ValueError, LandingError, steps.StepError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE


def _template(given: argparse.Namespace) -> int:
    template.write(given.file)
    _say(f"Wrote {given.file}, a sheet a source; fill it in, then python -m data check {given.file}")
    return 0


def _check(given: argparse.Namespace) -> int:
    report = landing.examine(given.files, map_path=given.map, store=given.store, whose=given.whose)
    _tell(report)
    if given.findings:
        landing.write_findings(report.findings, given.findings)
        _say(f"Every finding: {given.findings}")
    elif len(report.findings) > FINDINGS_SHOWN:
        _say("Write them all to a file with --findings CSV.")
    return REJECTED if report.rejected else 0


def _difference(given: argparse.Namespace) -> int:
    chosen = {"map_path": given.map, "replace": given.replace, "whose": given.whose}
    looked = landing.look(given.store, given.files, **chosen)
    found = difference.of(given.store.manifest(), looked.parts, replace=given.replace)
    for each in found:
        told = ", ".join(f"{number} {kind}" for kind, number in each.counts.items())
        _say(f"{each.source}  {each.before} landed before: {told}")
    rows = difference.listed(found)
    for row in rows.head(FINDINGS_SHOWN).to_dict("records"):
        cell = f"  {row['column']}: {row['before']!r} -> {row['after']!r}" if row["column"] else ""
        _say(f"{row['kind']}  {row['source']}  {row['record']}  {row['name']}{cell}".rstrip())
    if given.list:
        rows.map(spreadsheet.disarmed).to_csv(given.list, index=False, encoding="utf-8-sig")
        _say(f"Every difference: {given.list}")
    elif len(rows) > FINDINGS_SHOWN:
        _say(f"… and {len(rows) - FINDINGS_SHOWN} more; write them all to a file with --list CSV.")
    return 0


def _land(given: argparse.Namespace) -> int:
    chosen = {"map_path": given.map, "month": given.month, "replace": given.replace, "whose": given.whose}
    report = landing.land(given.store, given.files, whole=given.whole, who=given.by, **chosen)
    _tell(report)
    if report.batch is None:
        _say(f"No row landed: {report.errors} things are to be mended; mend them, or land the others without --whole.")
        return REJECTED
    _say(f"Every finding: {report.findings_path}")
    if not report.landed:
        _say("No row landed; what had landed before stays as it was.")
        return REJECTED
    _say(f"Batch {report.batch} landed; its data month is {_month(report.month)}.")
    if report.month is None:
        _say("No posting says the data month; land again with --month, as --month 2026-10.")
    return 0


def _withdraw(given: argparse.Namespace) -> int:
    batches.withdraw(given.store, given.batch, given.by)
    _say(f"Batch {given.batch} counts no more from the next build on: python -m queries build")
    return 0


def _reinstate(given: argparse.Namespace) -> int:
    batches.restore(given.store, given.batch, given.by)
    _say(f"Batch {given.batch} counts again from the next build on: python -m queries build")
    return 0


def _join(given: argparse.Namespace) -> int:
    lake.join(given.store, given.address, lambda: key.kept(given.store))
    return _pull(given)


def _pull(given: argparse.Namespace) -> int:
    batches.pull(given.store)
    return _status(given)


def _history(given: argparse.Namespace) -> int:
    for event in history.of(given.store):
        told = [f"{number} {source}" for source, number in event.rows.items()]
        told += [f"{event.rejected} rejected", f"{event.findings} findings", *event.files] if event.rows else []
        told += [f"of {' '.join(event.batches)}"] if event.batches else []
        _say(f"{event.at[:19]}Z  {event.who}  {event.kind} {event.what}  {', '.join(told)}".rstrip())
    return 0


def _sample(given: argparse.Namespace) -> int:
    from data import sample  # noqa: PLC0415 - the simulation is not needed to read a file

    sample.generate(given.store, people=given.people, years=given.years, seed=given.seed)
    return _status(given)


def _status(given: argparse.Namespace) -> int:
    manifest = given.store.manifest()
    _say(f"{given.store.root}: {len(manifest.batches)} batches, data month {_month(manifest.month)}")
    for source in contract.SOURCES:
        _say(f"{source}  {manifest.rows(source)} rows in {len(manifest.parts(source))} files")
    return 0


def _signout(given: argparse.Namespace) -> int:
    ended = sessions.end_all(given.store, given.login, given.by or history.whoever_runs_this())
    _say(f"{given.login}: {ended} sessions end at their next action, on every machine.")
    return 0


def _step(given: argparse.Namespace) -> int:
    known = sorted(set(amendments.table(given.store, "timetable_step")["step_id"].to_pylist()))
    if given.step not in known:
        message = f"There is no step {given.step!r}; there are {', '.join(known)}."
        raise ValueError(message)
    entry = steps.Entry(
        tier=given.tier,
        round=given.round,
        organ=given.organ,
        step_id=given.step,
        state=given.state,
        day=given.day,
        owner=given.owner,
        note=given.note,
        who=given.by,
        written=keeping.now(),
    )
    steps.record(given.store, entry)
    _say(
        f"Entered: {given.step} of {given.tier} {given.round} is {given.state}; all entries are in {given.store.steps}"
    )
    return 0


def _rules(given: argparse.Namespace) -> int:
    table = amendments.table(given.store, given.table)
    rows = policy.rows(policy.in_force(given.table, table, given.at) if given.at else table, given.table)
    given.file.write_bytes(policy.as_csv(given.table, rows))
    _say(f"Wrote {given.file}: {len(rows)} rows of {given.table}")
    return 0


def _amend(given: argparse.Namespace) -> int:
    if given.begins is None and policy.is_dated(given.table):
        message = f"Say from which month on {given.table} shall read so, as --from 2027-01."
        raise ValueError(message)
    source = {"document": given.source, "clause": given.clause, "confirmed": given.confirmed}
    now = amendments.table(given.store, given.table)
    before = policy.rows(policy.in_force(given.table, now, given.begins or 0), given.table)
    changes = amendments.from_file(given.file, given.table, before, given.begins, source, whole=given.whole)
    entry = amendments.Amendment(
        table=given.table,
        begins=given.begins,
        changes=changes,
        reason=given.reason,
        document=given.source,
        clause=given.clause,
        who=given.by,
        written=keeping.now(),
    )
    _amended(amendments.record(given.store, entry))
    return 0


def _unamend(given: argparse.Namespace) -> int:
    told = {"reason": given.reason, "who": given.by, "written": keeping.now()}
    _amended(amendments.record(given.store, amendments.withdrawal(given.store, given.number, **told)))
    return 0


def _amended(entry: amendments.Amendment) -> None:
    _say(_line(entry))
    _say("Build the warehouse again by `python -m queries build`.")


def _amendments(given: argparse.Namespace) -> int:
    for entry in amendments.history(given.store):
        _say(_line(entry))
    return 0


def _line(entry: amendments.Amendment) -> str:
    what = f"takes back {entry.withdraws}" if entry.withdraws else "; ".join(map(_what, entry.changes))
    since = f" from {month.text(entry.begins)}" if entry.begins else ""
    by = f"{entry.document} {entry.clause}".strip()
    return f"{entry.number}  {entry.written}  {entry.who}  {entry.table}{since}: {what} ({entry.reason}; {by})"


def _what(change: amendments.Change) -> str:
    was, becomes = change.was or {}, change.becomes or {}
    row = " ".join(list((becomes or was).values())[:1])
    if not was:
        return f"{row} is new"
    if not becomes:
        return f"{row} ends"
    cells = [
        f"{name} {was[name] or '(empty)'} > {becomes[name] or '(empty)'}" for name in was if was[name] != becomes[name]
    ]
    return f"{row}: {', '.join(cells)}"


def _backup(given: argparse.Namespace) -> int:
    _say(f"Wrote {given.file}: {archive.save(given.store, given.file)} files")
    return 0


def _restore(given: argparse.Namespace) -> int:
    _say(f"Restored {archive.restore(given.file, given.store)} files into {given.store.root}")
    return 0


def _verify(given: argparse.Namespace) -> int:
    found = audit.verify(given.store, given.known)
    if not found.entries:
        _say(f"There is no audit log in {given.store.root}.")
        return 0
    _say(f"{found.entries} entries, all as they were written; the last is {found.entries}:{found.seal}")
    if found.without_key:
        _say(f"Entries 1 to {found.without_key} are under no key: who may write the file could write them anew.")
    return 0


def _audited(given: argparse.Namespace) -> int:
    for entry in audit.of(given.store, who=given.who, act=given.act, since=given.since or "", last=given.last):
        more = " ".join(f"{name}={value}" for name, value in entry.more.items())
        _say(f"{entry.number}  {entry.at[:19]}Z  {entry.who}  {entry.act} {entry.what}  {more}".rstrip())
    return 0


def _let(given: argparse.Namespace) -> int:
    entry = readers.Reader(
        login=given.login,
        role=given.role,
        units=tuple(given.units),
        closed=tuple(given.closed),
        until=given.until,
        who=given.by,
        written=keeping.now(),
    )
    _say(_reader(readers.record(given.store, entry)))
    return 0


def _bar(given: argparse.Namespace) -> int:
    entry = readers.Reader(login=given.login, role=None, who=given.by, written=keeping.now())
    _say(_reader(readers.record(given.store, entry)))
    return 0


def _readers(given: argparse.Namespace) -> int:
    for _, reader in sorted(readers.standing(given.store).items()):
        _say(_reader(reader))
    return 0


def _reader(reader: readers.Reader) -> str:
    sees = f"  units {' '.join(reader.units)}" if reader.units else ""
    closed = f"  closed {' '.join(reader.closed)}" if reader.closed else ""
    until = f"  until {reader.until}" if reader.until else ""
    role = reader.role or "not let in"
    return f"{reader.login}  {role}{sees}{closed}{until}  by {reader.who} {reader.written[:19]}Z"


def _new_key(given: argparse.Namespace) -> int:
    with keeping.writing(given.file), os.fdopen(os.open(given.file, NEW, keeping.OWNER_ONLY), "w") as file:
        file.write(f"{sealing.new_key()}\n")
    _say(
        f"Wrote {given.file}. Name it in {sealing.KEY_FILE}, keep it away from the store, and keep a copy: without it "
        "nobody reads the store again."
    )
    return 0


def _seal(given: argparse.Namespace) -> int:
    _say(f"Sealed {given.store.root}: {resealing.seal(given.store)} files")
    return 0


def _reseal(given: argparse.Namespace) -> int:
    turned = resealing.reseal(given.store, sealing.key_in(given.file))
    _say(f"Sealed {given.store.root} anew: {turned} files; from now on name {given.file} in {sealing.KEY_FILE}")
    return 0


def _unseal(given: argparse.Namespace) -> int:
    _say(f"Unsealed {given.store.root}: {resealing.unseal(given.store)} files; take the key out of the environment")
    return 0


OUTSIDE = frozenset({_template, _new_key, _restore})
"""What has nothing to do with the seal of a store that is there."""
TURNING = frozenset({_seal, _reseal, _unseal})
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def _tell(report: Report) -> None:
    for count in report.counts:
        _say(str(count))
    for finding in report.findings[:FINDINGS_SHOWN]:
        _say(_sentence(finding))
    hidden = len(report.findings) - FINDINGS_SHOWN
    if hidden > 0:
        _say(f"… and {hidden} more findings")


def _sentence(finding: Finding) -> str:
    place = f"{finding.file}/{finding.sheet}" if finding.sheet else finding.file
    cell = f"{finding.column} = {finding.value!r}" if finding.column else finding.value
    told = f"{finding.severity}  {place} row {finding.row}  {cell}".rstrip() + ": "
    return told + " ".join(filter(None, (finding.problem_en, finding.mend_en, finding.problem_zh, finding.mend_zh)))


def _month(value: int | None) -> str:
    return "unknown" if value is None else month.text(value)


def _data_month(text: str) -> int:
    try:
        return month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _day(text: str) -> int:
    try:
        return int(f"{dt.date.fromisoformat(text):%Y%m%d}")
    except ValueError as error:
        message = f"{text!r} is not a day; write it as 2026-10-31."
        raise argparse.ArgumentTypeError(message) from error


def _moment(text: str) -> str:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no day and no moment; write it as 2026-10-31 or 2026-10-31T16:05."
        raise argparse.ArgumentTypeError(message) from error
    return text


def _entry_known(text: str) -> tuple[int, str]:
    number, _, seal = text.partition(":")
    if not (number.isdecimal() and seal):
        message = f"{text!r} names no entry; write its number and seal as verify gives them, 12:3f…"
        raise argparse.ArgumentTypeError(message)
    return int(number), seal


def _store(path: str) -> Store:
    return Store(Path(path))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data", description="What we are given: land it, check it, make it up."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    blank = _command(commands, _template, "template", "write a blank workbook to fill in")
    blank.add_argument("file", type=Path, nargs="?", default=Path("template.xlsx"))
    check = _command(commands, _check, "check", "say what is wrong with files")
    check.add_argument("--findings", type=Path, metavar="CSV", help="write every finding to this file")
    land = _command(commands, _land, "land", "take files in")
    land.add_argument("--month", type=_data_month, help="the month the data is of, as 2026-10")
    land.add_argument("--whole", action="store_true", help="land nothing while anything is to be mended")
    differ = _command(commands, _difference, "difference", "say what landing files would change")
    differ.add_argument("--list", type=Path, metavar="CSV", help="write every difference to this file")
    for files in (land, differ):
        files.add_argument("--replace", action="store_true", help="forget what landed of these sources before")
    for files in (check, land, differ):
        files.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a table, .lrmx, .lrm, folder or zip")
        files.add_argument("--whose", type=Path, metavar="CSV", help="file,person_id: whose files and rows these are")
        files.add_argument("--map", type=Path, help="a map for a foreign layout (see data/maps)")
    withdraw = _command(commands, _withdraw, "withdraw", "let a batch count no more")
    reinstate = _command(commands, _reinstate, "reinstate", "let a withdrawn batch count again")
    for batch in (withdraw, reinstate):
        batch.add_argument("batch", metavar="BATCH", help="its number, as status and history name it")
    for done in (land, withdraw, reinstate):
        done.add_argument("--by", default="", metavar="NAME", help="who does it, where not the user of this computer")
    _command(commands, _history, "history", "say what was done to the store, by whom and when")
    made_up = _command(commands, _sample, "sample", "land a synthetic city")
    made_up.add_argument("--people", type=int, default=10_000)
    made_up.add_argument("--years", type=int, default=10)
    made_up.add_argument("--seed", type=int, default=1)
    _command(commands, _status, "status", "say what has landed")
    step = _command(commands, _step, "step", "enter how far a step to a term change is")
    step.add_argument("tier", help="township, county or city")
    step.add_argument("round", type=int, help="the year the round is named for")
    step.add_argument("step", help="the step, as in data/policy/timetable_step.csv")
    step.add_argument("--state", choices=steps.STATES, required=True)
    step.add_argument("--by", required=True, metavar="NAME", help="who enters it")
    step.add_argument("--day", type=_day, help="since when, as 2026-10-31")
    step.add_argument("--organ", help="of one nature of organ only, as party")
    step.add_argument("--owner", default="", help="who answers for it, where not the usual owner")
    step.add_argument("--note", default="")
    save = _command(commands, _backup, "backup", "write the whole store into one file")
    back = _command(commands, _restore, "restore", "lay a backup into a new folder")
    for file in (save, back):
        file.add_argument("file", type=Path, metavar="FILE", help="a .tar")
    out = _command(commands, _signout, "signout", "end every session of somebody who signed in")
    out.add_argument("login", metavar="LOGIN", help="as the audit log names them")
    out.add_argument("--by", default="", metavar="NAME", help="who does it, where not the user of this computer")
    new = _command(commands, _new_key, "newkey", "write a new key to seal a store with")
    _command(commands, _seal, "seal", "seal a plain store under the key in the environment, all of it or nothing")
    anew = _command(commands, _reseal, "reseal", "seal a sealed store under another key")
    for written in (new, anew):
        written.add_argument("file", type=Path, metavar="FILE", help="the file of the new key")
    _command(commands, _unseal, "unseal", "make a sealed store plain again")
    _lake_commands(commands)
    _rule_commands(commands)
    _reader_commands(commands)
    _audit_commands(commands)
    return parser


def _lake_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    joining = _command(commands, _join, "join", "share the batches of this store with other machines by a lake")
    joining.add_argument("address", metavar="LAKE", help="a folder on the network, or as s3://bucket/city")
    _command(commands, _pull, "pull", "take over what other machines have landed in the lake")


def _reader_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    let = _command(commands, _let, "let", "let somebody in, in a role; an earlier entry of theirs gives way")
    let.add_argument("--role", required=True, help="a role of data/policy/role.csv")
    let.add_argument("--units", nargs="+", default=[], metavar="UNIT", help="codes of units, or * for the whole")
    let.add_argument(
        "--closed", nargs="+", default=[], metavar="PERSON", help="their own code and those of relatives they declared"
    )
    let.add_argument("--until", type=_day, help="the last day on which it counts, as 2027-10-31")
    bar = _command(commands, _bar, "bar", "let somebody in no longer")
    for command in (let, bar):
        command.add_argument("login", help="as the provider of identities calls them, or group:NAME")
        command.add_argument("--by", default=history.whoever_runs_this(), metavar="NAME", help="who does it")
    _command(commands, _readers, "readers", "list who was let in, in which role, by whom and when")


def _audit_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    purpose = "who landed, changed and endorsed what: list it, or verify that it is as it was written"
    verbs = commands.add_parser("audit", help=purpose, description=purpose).add_subparsers(required=True)
    verify = _command(verbs, _verify, "verify", "go over the whole chain of entries")
    verify.add_argument("--known", metavar="NUMBER:SEAL", type=_entry_known, help="an entry that you wrote down")
    listed = _command(verbs, _audited, "list", "list entries, the newest first")
    listed.add_argument("--who", help="of one person")
    listed.add_argument("--act", help="of one kind")
    listed.add_argument("--since", type=_moment, help="from a day (UTC) or moment on, as 2026-10-31")
    listed.add_argument("--last", type=int, help="so many")


def _rule_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rules = _command(commands, _rules, "rules", "write a table of rules in force to a file")
    rules.add_argument("--at", type=_data_month, help="only the rows that hold in a month, as 2027-01")
    amend = _command(commands, _amend, "amend", "change a table of rules from a month on")
    amend.add_argument("--from", dest="begins", type=_data_month, metavar="MONTH", help="from when, as 2027-01")
    amend.add_argument("--source", required=True, metavar="DOCUMENT", help="the document that says so")
    amend.add_argument("--clause", default="", help="its clause")
    confirmed = [choice.key for choice in contract.load("age_target").column("confirmed").choices]
    amend.add_argument("--confirmed", choices=confirmed, default=amendments.TO_CONFIRM, help="who stands behind it")
    amend.add_argument("--whole", action="store_true", help="the file is the whole table: what it does not hold ends")
    for command in (rules, amend):
        command.add_argument("table", choices=policy.names(), metavar="TABLE", help="as in data/policy: age_target")
        command.add_argument("file", type=Path, metavar="FILE")
    _command(commands, _amendments, "amendments", "list what was changed of the rules, when, by whom and why")
    back = _command(commands, _unamend, "unamend", "take a change of the rules back")
    back.add_argument("number", type=int, help="its number, as `amendments` lists them")
    for command in (amend, back):
        command.add_argument("--reason", required=True)
        command.add_argument("--by", required=True, metavar="NAME", help="who enters it")


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    run: Callable[[argparse.Namespace], int],
    name: str,
    purpose: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=purpose, description=purpose)
    parser.set_defaults(command=run)
    parser.add_argument("--store", type=_store, default=default_store(), help="another data store")
    return parser


if __name__ == "__main__":
    sys.exit(main())
