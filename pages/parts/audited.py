"""What the audit log says to whoever audits: its entries in words, and whether the chain of them is whole."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

import queries
from data import audit, keeping, spreadsheet
from data.audit import AuditError, Entry
from data.store import Store
from pages.parts import numerals
from pages.parts.words import Words

NOT = "not "
"""What an act begins with that was entered and then did not come about."""
SHOWN_OF_HASH = 12


@dataclass(frozen=True, slots=True)
class Chain:
    """What going over the whole chain gave at a moment (ISO, UTC): its last entry, or what is wrong with it."""

    at: str
    entries: int = 0
    last: str = ""
    without_key: int = 0
    error: str = ""

    @classmethod
    def of(cls, store: Store) -> "Chain":
        """Go over the chain of a store now."""
        at = keeping.now()
        try:
            found = audit.verify(store)
        except (AuditError, OSError) as error:
            return cls(at, error=str(error))
        return cls(at, found.entries, f"{found.entries}:{found.seal}" if found.entries else "", found.without_key)


def headline(chain: Chain, say: Words) -> str:
    """Say whether the log is as it was written."""
    if chain.error:
        return say("The audit log is not as it was written")
    if not chain.entries:
        return say("Nothing has been entered in the audit log yet")
    return say.count(
        "{n} entry in the audit log, as it was written",
        "{n} entries in the audit log, all as they were written",
        chain.entries,
    )


def under_headline(chain: Chain, say: Words) -> str:
    """Say when the chain was gone over, and what it stands on."""
    told = [say("verified {moment}").format(moment=numerals.moment(chain.at))]
    if chain.without_key:
        told.append(
            say("entries under no key: {n}, which whoever may write the file could write anew").format(
                n=numerals.whole(chain.without_key)
            )
        )
    return say(" · ").join(told)


def act(code: str, say: Words) -> str:
    """Say an act in words; one that nobody has words for by its code."""
    if code.startswith(NOT):
        return say("not done: {act}").format(act=act(code.removeprefix(NOT), say))
    said = {
        "listed": say("saw names"),
        "exported": say("took a file"),
        "previewed": say("tried out"),
        "audited": say("looked at the audit log"),
        "rendered again": say("rendered again"),
        "landed": say("landed files"),
        "withdrawn": say("took back"),
        "restored": say("put back"),
        "built": say("built"),
        "served": say("put into service"),
        "changed": say("changed rules"),
        "entered": say("entered progress"),
        "endorsed": say("endorsed"),
        "kept": say("kept a scenario"),
        "kept template": say("kept a template"),
        "removed template": say("removed a template"),
        "corrected headings": say("corrected headings"),
        "forgot headings": say("forgot corrections of headings"),
        "let in": say("let in"),
        "let out": say("let in no longer"),
        "backed up": say("backed up"),
        "signed in": say("signed in"),
        "signed out": say("signed out"),
        "session ended": say("session ended"),
        "signed out everywhere": say("signed out everywhere"),
        "shut out": say("shut out"),
    }
    return said.get(code, code)


def table(entries: Iterable[Entry], say: Words) -> pd.DataFrame:
    """Give entries in words, a row each."""
    known = {name: say(queries.load(name).asks) for name in queries.names()}
    known |= {
        "audit log": say("Audit log"),
        "incoming files": say("Incoming files"),
        "difference": say("Against what has landed"),
    }
    return pd.DataFrame([_row(entry, known, say) for entry in entries])


def first_day(store: Store) -> dt.date:
    """Give the day of the first entry as the clock on the wall shows it; today where there is none."""
    first = audit.first(store)
    return (dt.datetime.fromisoformat(first.at) if first else dt.datetime.now(dt.UTC)).astimezone().date()


def _row(entry: Entry, known: Mapping[str, str], say: Words) -> dict[str, str]:
    return {
        say("No."): str(entry.number),
        say("When"): numerals.moment(entry.at),
        say("By whom"): entry.who,
        say("Act"): act(entry.act, say),
        say("Of what"): known.get(entry.what, entry.what),
        say("Particulars"): more(entry, say),
    }


def more(entry: Entry, say: Words) -> str:
    """Say what else was entered, in words where there are any."""
    said = {
        "given": say("Parameters"),
        "rows": say("Rows"),
        "build": say("Build"),
        "reason": say("Reason"),
        "state": say("State"),
        "files": say("Files"),
        "endorsed": say("Briefing"),
        "rendered_for": say("Rendered for"),
        "names": say("Names"),
        "whole": say("All rows"),
        "template": say("Template"),
        "since": say("Since"),
        "until": say("Until"),
        "bytes": say("Bytes"),
        "sha256": "SHA-256",
    }
    told = ((said.get(name, name), _value(name, value, say)) for name, value in entry.more.items())
    return say(" · ").join(f"{name} {value}" for name, value in told if value)


def _value(name: str, value: Any, say: Words) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items())
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return str(value)[:SHOWN_OF_HASH] if name == "sha256" else str(value)


def as_csv(entries: Iterable[Entry]) -> bytes:
    """Write entries as they are, for a spreadsheet: UTF-8 with its mark, and no cell that would run as a formula."""
    file = io.StringIO()
    lines = csv.writer(file)
    lines.writerow(["number", "at", "who", "act", "what", "more", "before", "seal"])
    for entry in entries:
        told = (entry.who, entry.act, entry.what, keeping.text(dict(entry.more)))
        lines.writerow([entry.number, entry.at, *map(spreadsheet.disarmed, told), entry.before, entry.seal])
    return file.getvalue().encode("utf-8-sig")
