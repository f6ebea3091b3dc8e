"""What the page of incoming files says: findings, differences, batches and builds as tables in one language."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from data import contract, headings, history, marking, month
from data.checking import ERROR, Finding
from data.difference import CHANGED, GONE, NEW, Difference
from data.headings import Kind, Shown
from data.history import Event
from data.landing import Doubt, Look
from data.reading import Heading
from data.store import Batch, Manifest, Store
from pages.parts import background, numerals
from pages.parts.background import State
from pages.parts.desk import Checked
from pages.parts.words import Words
from queries.builds import Build

FILES_NAMED = 3


def language(say: Words) -> str:
    """The code under which the data room has its texts."""
    return say.pick("en", "zh")


def source_name(source: str, say: Words) -> str:
    """What a source is called."""
    known = contract.load(source)
    return say.pick(known.title_en, known.title_zh)


def column_name(filled: str, say: Words) -> str:
    """What a column is called that is given as "member.birth"."""
    source, _, name = filled.partition(".")
    column = contract.load(source).column(name)
    return say.pick(column.en, column.zh)


def headline(seen: Checked | None, files: int, say: Words) -> str:
    """The finding of the page: what was `seen` in the files, that they are being read, or that none are there yet."""
    if not files:
        return say("Bring in files, check them, build anew")
    if seen is None:
        return say.count("{n} file is being read", "{n} files are being read", files)
    if seen.look is None:
        return say.count("{n} file, of which nothing can land", "{n} files, of which nothing can land", files)
    report = seen.look.report
    return say.count(
        "{n} file: records that can land {landed}, rejected {rejected}",
        "{n} files: records that can land {landed}, rejected {rejected}",
        files,
        landed=numerals.whole(report.landed),
        rejected=numerals.whole(report.rejected),
    )


def standing(manifest: Manifest, build_id: str, say: Words, *, older: bool, invented: bool) -> str:
    """What has landed so far and which build is served: whether an `older` one, and one of an `invented` city."""
    batches = say.count("{n} batch counts", "{n} batches count", len(manifest.current))
    data = say("data to {month}").format(month=say.month(manifest.month)) if manifest.month else ""
    served = say("build {build} is served").format(build=build_id)
    earlier = say("an earlier build is served") if older else ""
    gives_way = say("the example city, which gives way to the first real file")
    example = (gives_way if manifest.invented else say("the build is of the example city")) if invented else ""
    return " · ".join(filter(None, (batches, data, served, earlier, example)))


def accounts(look: Look, say: Words) -> pd.DataFrame:
    """The account of every sheet: rows in = rows that can land + rows rejected."""
    rows = [
        (
            several(count.file, say),
            count.sheet,
            source_name(count.source, say),
            numerals.whole(count.rows_in),
            numerals.whole(count.landed),
            numerals.whole(count.rejected),
        )
        for count in look.report.counts
    ]
    heads = (say("File"), say("Sheet"), say("Taken as"), say("Records in"), say("Can land"), say("Rejected"))
    return pd.DataFrame(rows, columns=list(heads))


def several(file: str, say: Words) -> str:
    """A file, or the first of several that were read together, with how many those are."""
    first, _, more = file.rpartition(" +")
    if not (first and more.isdecimal()):
        return file
    return say("{file} and {n} more").format(file=first, n=more)


def files_named(files: Sequence[str], say: Words) -> str:
    """The first files by name, with how many more there were."""
    named = say.pick(", ", "、").join(files[:FILES_NAMED])
    more = len(files) - FILES_NAMED
    return say("{file} and {n} more").format(file=named, n=numerals.whole(more)) if more > 0 else named


def doubt_title(doubt: Doubt, say: Words) -> str:
    """Of which file, or row of one, it is asked whose it is."""
    place, _, row = doubt.label.rpartition("/")
    if not (place and row.isdecimal()):
        return say("{place}: {name}").format(place=doubt.label, name=doubt.name)
    return say("{place}, row {n}: {name}").format(place=place.replace("/", " / "), n=row, name=doubt.name)


def worst_first(found: Sequence[Finding]) -> list[Finding]:
    """Findings that keep a row out before those that do not."""
    return sorted(found, key=lambda finding: finding.severity != ERROR)


def findings(found: Sequence[Finding], say: Words) -> pd.DataFrame:
    """Findings with their place, what is wrong and how to mend it."""
    rows = [tuple(map(str, marking.told(finding, language(say)))) for finding in found]
    return pd.DataFrame(rows, columns=list(marking.HEADINGS[language(say)]))


def sheet_title(shown: Shown, say: Words) -> str:
    """What a sheet was taken as, and how many of its headings are read."""
    found = shown.recognition
    place = " / ".join(filter(None, (found.file, found.sheet)))
    if not found.sources:
        known = say("{place}: known, and not kept") if found.layout else say("{place}: not recognised")
        return known.format(place=place)
    read = sum(bool(heading.fills) for heading in found.headings)
    named = sum(bool(heading.written) for heading in found.headings)
    return say("{place}: {taken}, {read} of {named} columns read").format(
        place=place, taken=kind_name(shown, say), read=read, named=named
    )


def kind_name(shown: Shown, say: Words) -> str:
    """What a sheet was taken for."""
    known = headings.kinds().get(shown.kind)
    return say.pick(known.title_en, known.title_zh) if known else source_name(shown.kind, say)


def preview(shown: Shown, say: Words) -> pd.DataFrame:
    """The headings of a sheet with what each is taken for and the first values under it."""
    rows = [
        (heading.written, meaning(heading, shown, say), " ｜ ".join(filter(None, values)))
        for heading, values in zip(shown.recognition.headings, _columns(shown), strict=True)
        if heading.written
    ]
    return pd.DataFrame(rows, columns=[say("Heading in the file"), say("Taken for"), say("First values")])


def _columns(shown: Shown) -> Iterable[tuple[str, ...]]:
    nothing: list[tuple[str, ...]] = [()] * len(shown.recognition.headings)
    return zip(*shown.rows, strict=True) if shown.rows else nothing


def meaning(heading: Heading, shown: Shown, say: Words) -> str:
    """What a heading is taken for; nothing where its column is not read."""
    if heading.passed:
        return say("known, not kept")
    if heading.field:
        return choices(headings.kinds()[shown.kind], say)[heading.field]
    return say.pick(", ", "、").join(column_name(filled, say) for filled in heading.fills)


def choices(kind: Kind, say: Words) -> dict[str, str]:
    """Every column that a heading can be chosen to mean, by its name."""
    return {name: say.pick(en, zh) for name, (en, zh) in kind.columns.items()}


def difference_counts(differences: Sequence[Difference], say: Words) -> pd.DataFrame:
    """How many records of each source are new, gone and changed."""
    rows = [
        (
            source_name(each.source, say),
            *(numerals.whole(number) for number in (each.before, each.new, each.gone, each.changed)),
        )
        for each in differences
    ]
    return pd.DataFrame(rows, columns=[say("Kind of data"), say("Landed before"), *_kinds(say).values()])


def difference_rows(rows: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The records that are new, gone or changed, with the column and what it was and will be."""
    kinds = _kinds(say)
    told = [
        (
            kinds[row["kind"]],
            source_name(row["source"], say),
            row["record"],
            row["name"],
            column_name(f"{row['source']}.{row['column']}", say) if row["column"] else "",
            *(_value(row["source"], row["column"], row[side], say) for side in ("before", "after")),
        )
        for row in rows.to_dict("records")
    ]
    heads = (say("Change"), say("Kind of data"), say("Record"), say("Name"), say("Column"), say("Before"), say("After"))
    return pd.DataFrame(told, columns=list(heads))


def _kinds(say: Words) -> dict[str, str]:
    return {NEW: say("New"), GONE: say("Gone"), CHANGED: say("Changed")}


def _value(source: str, name: str, text: str, say: Words) -> str:
    """A stored value as it is read: a choice by its name, yes and no in words."""
    if not name or not text:
        return text
    column = contract.load(source).column(name)
    named = {choice.key: say.pick(choice.en, choice.zh) for choice in column.choices}
    if column.type == "yesno":
        named = {"true": say("yes"), "false": say("no")}
    if column.type in {"date", "month"} and text.isdecimal():
        return month.dotted(int(text)) if column.type == "date" else month.text(int(text))
    return named.get(text, text)


def batch_state(batch: Batch, manifest: Manifest, say: Words) -> str:
    """Whether a batch counts."""
    if batch.withdrawn:
        return say("withdrawn")
    return say("counts") if batch in manifest.current else say("example city, gave way")


def batches(store: Store, events: tuple[Event, ...], say: Words) -> pd.DataFrame:
    """Every batch, the latest first: when and by whom it landed, of which files, its rows and findings."""
    manifest = store.manifest()
    landed = history.last(events, history.LANDED)
    rows = [_batch(batch, landed.get(batch.id), manifest, say) for batch in reversed(manifest.batches)]
    heads = (
        say("Batch"),
        say("When"),
        say("Done by"),
        say("Files"),
        say("Records landed"),
        say("Rejected"),
        say("Findings"),
        say("State"),
    )
    return pd.DataFrame(rows, columns=list(heads))


def _batch(batch: Batch, event: Event | None, manifest: Manifest, say: Words) -> tuple[str, ...]:
    rows = numerals.whole(sum(part.rows for part in batch.parts.values()))
    state = batch_state(batch, manifest, say)
    if event is None:
        files = say("example city") if batch.invented else ""
        return (batch.id, "", "", files, rows, "", "", state)
    counts = numerals.whole(event.rejected), numerals.whole(event.findings)
    return (
        batch.id,
        numerals.moment(event.at),
        event.who,
        files_named(event.files, say),
        rows,
        *counts,
        state,
    )


def build_line(build: Build, say: Words) -> str:
    """One build in a line: when, by whom, where its data stand, of which batches."""
    told = (
        numerals.moment(build.made),
        build.who,
        say("data to {month}").format(month=say.month(build.month)) if build.month else "",
        say("batches {batches}").format(batches=say.pick(", ", "、").join(build.batches)) if build.batches else "",
        "" if build.fits else say("made by another version of the program") if build.whole else say("damaged"),
    )
    return " · ".join(filter(None, told))


def events_table(events: Sequence[Event], say: Words) -> pd.DataFrame:
    """Everything that was done to the store, the latest first."""
    done: Mapping[str, str] = {
        history.LANDED: say("batch landed"),
        history.WITHDRAWN: say("batch withdrawn"),
        history.RESTORED: say("batch restored"),
        history.BUILT: say("build made"),
        history.SERVED: say("build served"),
        history.DAMAGED: say("build found damaged"),
    }
    rows = [(numerals.moment(event.at), event.who, done[event.kind], event.what) for event in reversed(events)]
    return pd.DataFrame(rows, columns=[say("When"), say("Done by"), say("What was done"), say("Batch or build")])


def doing(state: State, say: Words) -> str:
    """What is being done to the store just now."""
    match state.step:
        case background.READING:
            return say("Reading and checking: {n} so far").format(n=state.done)
        case background.BUILDING:
            told = say("Building: {n} of {all} tables; pages go on showing the build before")
            return told.format(n=state.done, all=state.total)
    return say("Beginning …")


def ended(state: State, say: Words, *, older: bool) -> str:
    """How the last work on the store ended; under an `older` build it is not said that the new one is served."""
    if state.error:
        return say("What {who} began was not finished: {error}").format(who=state.who, error=state.error)
    if state.name == "land":
        told = say("{who} landed batch {batch}; the new build is served.")
        if older:
            told = say("{who} landed batch {batch}; an earlier build is served now.")
        return told.format(who=state.who, batch=state.result)
    told = say("{who} had a new build made; it is served.")
    if older:
        told = say("{who} had a new build made; an earlier one is served now.")
    return told.format(who=state.who)
