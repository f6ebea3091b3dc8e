"""Incoming files: chosen, checked, landed and built anew in the background, with everything that was done before."""

import hashlib
from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from data import batches, difference, headings, history, landing, marking, month, spreadsheet
from data.batches import LandingError
from data.headings import Shown
from data.history import HistoryError
from data.landing import Look
from data.reading import ReadingError
from data.store import default_store
from pages.parts import answers, background, filters, intake, numerals, show, tables
from pages.parts import desk as desks
from pages.parts.background import WORKS, Task, Tell
from pages.parts.desk import Checked, Desk
from queries import builds, warehouse

ENDINGS = ["xlsx", "xls", "csv", "lrmx", "lrm", "zip"]
LISTED = 200
LIST_ROWS = 9
BUILDS_SHOWN = 12
DOUBTS_SHOWN = 30
TOLD_EVERY = 50
OPEN = "?"
KEY_BYTES = 8

here = answers.here()
say = here.words
store = default_store()
# Read once: what is disabled while work runs stands beside what draws the page anew once it has ended.
state = WORKS.state(store)
running = state is not None and not state.ended


def name_the_dropzone() -> None:
    """Say in the reader's language what Streamlit says in English only."""
    zone = '[data-testid="stFileUploaderDropzone"]'
    most = say("up to {n} MB a file · {endings}").format(
        n=st.get_option("server.maxUploadSize"), endings=" ".join(ENDINGS)
    )
    told = {
        f"{zone} button p": say("Choose files"),
        f'{zone} [data-testid="stFileUploaderDropzoneInstructions"] span': most,
    }
    rules = (
        f'{place} {{ font-size: 0; }} {place}::after {{ content: "{text}"; font-size: 14px; }}'
        for place, text in told.items()
    )
    st.html(f"<style>{' '.join(rules)}</style>")


def desk() -> Desk:
    """Give the folder of this session."""
    if "intake_desk" not in st.session_state:
        st.session_state["intake_desk"] = Desk()
    kept: Desk = st.session_state["intake_desk"]
    return kept


def chosen_files() -> None:
    """Let the reader choose files, and lay them on the desk when they are others than before."""
    given = st.file_uploader(
        say("Drop files here, or choose them"),
        ENDINGS,
        accept_multiple_files=True,
        key=f"intake_files_{st.session_state.get('intake_round', 0)}",
        help=say("Larger files land on the command line: `{command}`.").format(command="python -m data land FILE"),
    )
    named = tuple(file.file_id for file in given)
    if named != st.session_state.get("intake_named", ()):
        desk().lay((file.name, file.getvalue()) for file in given)
        st.session_state["intake_named"] = named
        for name in ("intake_checked", "intake_whose", "intake_asked"):
            st.session_state.pop(name, None)


def checked(*, replace: bool) -> Checked:
    """Give what was seen in the files, looked at once for the same files, maps and landed batches."""
    whose = decisions()
    seen = (st.session_state["intake_named"], replace, store.manifest().fingerprint, tuple(whose.items()))
    if st.session_state.get("intake_checked", (None,))[0] != seen:
        with st.container(key="intake-reading"):
            bar = st.progress(0.0, say("Reading …"))
            read: list[str] = []

            def tell(name: str) -> None:
                read.append(name)
                if len(read) % TOLD_EVERY == 1 or len(desk().paths) > len(read):
                    share = len(read) / (len(desk().paths) + len(read))
                    bar.progress(share, say("Reading {name} ({n} so far)").format(name=name, n=len(read)))

            decided = desk().decided(whose)
            found = desks.check(store, desk().paths, replace=replace, whose=decided, progress=tell)
            st.session_state["intake_checked"] = (seen, found)
            bar.empty()
    kept: Checked = st.session_state["intake_checked"][1]
    return kept


def decisions() -> dict[str, str]:
    """Give what the reader decided of files and rows in doubt: a person code by file or row, empty for someone new."""
    kept: dict[str, str] = st.session_state.setdefault("intake_whose", {})
    return kept


def key_of(asks: str, *about: object) -> str:
    """Give the key of a widget by what it asks about in which files: of others it asks anew, wherever it stands."""
    told = repr((st.session_state["intake_named"], about)).encode()
    return f"{asks}_{hashlib.blake2s(told, digest_size=KEY_BYTES).hexdigest()}"


def decide(label: str, key: str) -> None:
    """Keep whose a file or row is, or that this is open again."""
    chosen = st.session_state[key]
    if chosen == OPEN:
        decisions().pop(label, None)
    else:
        decisions()[label] = chosen


def show_doubts(look: Look) -> None:
    """Let the reader decide who is who where identifiers do not tell; what is open does not land."""
    now = {doubt.label: doubt for doubt in look.doubts}
    every = {**st.session_state.get("intake_asked", {}), **now}
    asked = {label: doubt for label, doubt in every.items() if label in now or label in decisions()}
    st.session_state["intake_asked"] = asked
    if not asked:
        return
    counted = say.count("{n} to decide", "{n} to decide", len(look.doubts))
    show.card_head(say("The same person?"), counted, "intake-doubts")
    note(say("Name, sex and birth are alike, and not both have an ID number. What is left open does not land."))
    for label, doubt in list(asked.items())[:DOUBTS_SHOWN]:
        named = {
            OPEN: say("open"),
            doubt.code: say("the same person: {name} ({code})").format(name=doubt.name, code=doubt.code),
            "": say("someone else"),
        }
        usual = list(named).index(decisions().get(label, OPEN))
        key = key_of("whose", label, doubt.code)
        st.selectbox(
            label, list(named), usual, key=key, format_func=named.__getitem__, on_change=decide, args=(label, key)
        )


def table(
    shown: pd.DataFrame,
    caption: str,
    *,
    numbers: Sequence[int] = (),
    wraps: Sequence[int] = (),
    total: int | None = None,
) -> None:
    """Show the first rows, of `total`, of a table of texts; columns at some places hold `numbers` or long texts."""
    columns = [tables.Column(name, place in numbers, place in wraps) for place, name in enumerate(shown.columns)]
    st.html(tables.table_html(shown.head(LISTED), columns, caption=caption, rows_high=LIST_ROWS))
    every = len(shown) if total is None else total
    if every > LISTED:
        more = say("the first {n} of {all} rows; all of them are in the file to download")
        note(more.format(n=LISTED, all=numerals.whole(every)))


def note(text: str) -> None:
    """Show a note in small letters."""
    st.html(f'<p class="page-note">{escape(text)}</p>')


def correct(shown: Shown, kind_key: str, heading_key: str, meaning_key: str) -> None:
    """Keep what a sheet holds and that a heading means a column, or nothing, and look at the files again."""
    kind, written, name = (st.session_state[key] for key in (kind_key, heading_key, meaning_key))
    columns = headings.kinds()[kind].meant(shown)
    columns = {column: heading for column, heading in columns.items() if heading != written}
    if name:
        columns[name] = written
    try:
        headings.correct(store, shown, kind, columns)
    except (ReadingError, LandingError, OSError) as error:
        st.session_state["intake_said"] = str(error)
    st.session_state.pop("intake_checked", None)


def forget(shown: Shown) -> None:
    """Forget the corrections of a sheet."""
    headings.forget(store, shown)
    st.session_state.pop("intake_checked", None)


def show_sheet(shown: Shown, place: int) -> None:
    """Show how a sheet was understood, and let the reader correct a heading."""
    found = shown.recognition
    named = intake.sheet_title(shown, say)
    unsure = not found.sources or any(heading.written for heading in found.unread)
    with st.expander(named, expanded=unsure and not shown.settled):
        table(intake.preview(shown, say), named)
        if shown.settled:
            note(say("Known by its headings; what is not read is left out on purpose or may not be kept."))
            return
        correction(shown, place)
        if shown.corrected:
            note(say("Headings corrected before were applied; they are kept for files with the same headings."))


def correction(shown: Shown, place: int) -> None:
    """Let the reader say what a sheet holds, and which column a heading means."""
    every = headings.kinds()
    kinds = {name: say.pick(kind.title_en, kind.title_zh) for name, kind in every.items()}
    choosable = [heading for heading in shown.recognition.headings if heading.written and not heading.passed]
    written = [heading.written for heading in sorted(choosable, key=lambda heading: bool(heading.fills))]
    sheet = (shown.recognition.file, shown.recognition.sheet, shown.written)
    asked = key_of("kind", *sheet, shown.kind), key_of("heading", *sheet), key_of("meaning", *sheet)
    of_kind, of_heading, of_meaning = asked
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"bar-correct-{place}"):
        usual = list(kinds).index(shown.kind) if shown.kind in kinds else 0
        kind = st.selectbox(say("This sheet holds"), list(kinds), usual, key=of_kind, format_func=kinds.__getitem__)
        names = {"": say("not read"), **intake.choices(every[kind], say)}
        st.selectbox(say("Heading"), written, key=of_heading)
        st.selectbox(say("means"), list(names), key=of_meaning, format_func=names.__getitem__)
        st.button(say("Correct"), key=f"correct_{place}", on_click=correct, args=(shown, *asked))
        if shown.corrected:
            label = say("Forget corrections")
            st.button(label, key=f"forget_{place}", type="tertiary", on_click=forget, args=(shown,))


def show_check(seen: Checked) -> None:
    """Show what was seen in the files: the account, the headings, the findings, the difference."""
    if seen.error:
        st.error(seen.error)
    if seen.look:
        table(intake.accounts(seen.look, say), say("Account"), numbers=(3, 4, 5))
    for place, shown in enumerate(seen.sheets):
        show_sheet(shown, place)
    if seen.look:
        show_doubts(seen.look)
        show_findings(seen.look)
        show_difference(seen)


def show_findings(look: Look) -> None:
    """Show everything found, and offer it as a workbook with the cells marked."""
    found = look.report.findings
    errors = look.report.errors
    said = say("{errors} keep a row out, {notes} are notes").format(
        errors=numerals.whole(errors), notes=numerals.whole(len(found) - errors)
    )
    show.card_head(say("Findings"), said if found else say("nothing to mend"), "intake-findings")
    if not found:
        return
    with st.container(key="findings"):
        worst = intake.findings(intake.worst_first(found)[:LISTED], say)
        table(worst, say("Findings"), numbers=(2,), wraps=(4, 6, 7), total=len(found))
    paths, code = desk().paths, intake.language(say)
    st.download_button(
        say("Workbook with the cells marked"),
        lambda: marking.workbook(paths, found, look.closed, code),
        "findings.xlsx", spreadsheet.WORKBOOK, key="marked", on_click="ignore",
    )  # fmt: skip
    note(say("ID numbers are masked in it, cells of a closed source left out: mend your own file and choose it again."))


def show_difference(seen: Checked) -> None:
    """Show what landing would change in what has landed: counts first, the list on opening."""
    show.card_head(say("Against what has landed"), say("counted in records, by their keys"), "intake-difference")
    table(intake.difference_counts(seen.differences, say), say("Against what has landed"), numbers=(1, 2, 3, 4))
    rows = difference.listed(seen.differences)
    if rows.empty:
        note(say("Nothing is new, gone or changed."))
        return
    with st.expander(say("Who and what"), on_change="rerun", key="intake_who") as opened:
        if opened.open:
            table(intake.difference_rows(rows.head(LISTED), say), say("Who and what"), total=len(rows))

            def listed() -> bytes:
                told = intake.difference_rows(rows, say).map(spreadsheet.disarmed)
                return bytes(told.to_csv(index=False).encode("utf-8-sig"))

            st.download_button(
                say("Download CSV"), listed, "difference.csv", "text/csv", key="differences", on_click="ignore"
            )


def begun(name: str, who: str, task: Task) -> bool:
    """Begin a piece of work in the background; say so where it is not begun, as another is being done."""
    begins = WORKS.begin(store, name, who, task)
    if not begins:
        st.session_state["intake_said"] = say(
            "This was not begun, for something else is being done to these data: do it again once that has ended."
        )
    return begins


def land(*, replace: bool, whole: bool, data_month: int | None, who: str) -> None:
    """Land the files and build, in the background; the desk goes along and is cleared when that is done."""
    taken, decided = desk(), desk().decided(decisions())

    def task(tell: Tell) -> str:
        try:
            names: list[str] = []

            def read(name: str) -> None:
                names.append(name)
                tell(background.READING, len(names), 0)

            report = landing.land(
                store,
                taken.paths,
                month=data_month,
                replace=replace,
                whose=decided,
                whole=whole,
                who=who,
                progress=read,
            )
            if not report.landed or report.batch is None:
                message = "No row landed; what had landed before stays as it was. 没有可入库的行，原有数据不变。"
                raise LandingError(message)
        finally:
            taken.clear()
        background.build(store, tell, who)
        return report.batch

    if begun("land", who, task):
        for name in ("intake_desk", "intake_named", "intake_checked", "intake_whose", "intake_asked"):
            st.session_state.pop(name, None)
        st.session_state["intake_round"] = st.session_state.get("intake_round", 0) + 1


def who_does_it() -> str:
    """Give the name that was entered, else that under which the dashboard runs."""
    return st.session_state.get("intake_by", "").strip() or history.whoever_runs_this()


def start() -> None:
    """Begin to land what stands on the desk, as it was chosen."""
    written = st.session_state["intake_month"].strip()
    try:
        data_month = month.parse(written) if written else None
    except ValueError:
        st.session_state["intake_said"] = say("{written} is no month; write it as 2026-10.").format(written=written)
        return
    land(
        replace=st.session_state["intake_replace"],
        whole=st.session_state["intake_mode"] == "whole",
        data_month=data_month,
        who=who_does_it(),
    )


def usual_month(seen: Checked | None) -> str:
    """Say where the data will stand where nobody says it: at the latest start of a post, else where they stand now."""
    if seen is None or seen.look is None:
        return say("from the files")
    found = landing.data_month(store.manifest(), seen.look.parts, replace=seen.replace)
    return say("from the files: {month}").format(month=say.month(found)) if found else say("the files name none")


def show_landing(seen: Checked | None) -> None:
    """Let the reader choose how to land and begin; show how far it is."""
    report = seen.look.report if seen and seen.look else None
    modes = {"good": say("Land what is good"), "whole": say("Nothing until all is good")}
    with st.container(horizontal=True, vertical_alignment="bottom", key="bar-land"):
        st.radio(say("How"), list(modes), format_func=modes.__getitem__, key="intake_mode", horizontal=True)
        st.text_input(say("Data month, as 2026-10"), key="intake_month", placeholder=usual_month(seen), max_chars=7)
        st.text_input(say("Done by"), key="intake_by", max_chars=history.LONGEST_NAME)
        whole = st.session_state["intake_mode"] == "whole"
        ready = report is not None and report.landed > 0 and not (whole and report.errors)
        st.button(
            say("Land and build"),
            type="primary",
            key="intake_land",
            disabled=running or not ready,
            on_click=start,
        )
    if report and whole and report.errors:
        note(say.count(
            "{n} thing is to be mended: mend it and choose the file again, or land what is good.",
            "{n} things are to be mended: mend them and choose the file again, or land what is good.",
            report.errors,
        ))  # fmt: skip
    if state and state.ended:
        (st.error if state.error else st.success)(intake.ended(state, say, older=answers.older()))
    elif state:
        show.work(store, lambda now: intake.doing(now, say))


def mark(batch: str, *, withdrawn: bool) -> None:
    """Withdraw or restore a batch, and build anew."""
    who = who_does_it()

    def task(tell: Tell) -> str:
        (batches.withdraw if withdrawn else batches.restore)(store, batch, who)
        return background.build(store, tell, who)

    begun("mark", who, task)


def serve(build_id: str) -> None:
    """Serve another build."""
    try:
        builds.serve(store, build_id, who_does_it())
    except (warehouse.WarehouseError, HistoryError, OSError) as error:
        st.session_state["intake_said"] = str(error)


def show_batches(events: tuple[history.Event, ...]) -> None:
    """Show every batch, and let one be withdrawn or restored."""
    table(intake.batches(store, events, say), say("Batches"), numbers=(4, 5, 6))
    manifest = store.manifest()
    named: Mapping[str, str] = {
        batch.id: f"{batch.id} · {intake.batch_state(batch, manifest, say)}" for batch in reversed(manifest.batches)
    }
    if not named:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="bar-batches"):
        chosen = st.selectbox(say("Batch"), list(named), format_func=named.__getitem__, key="intake_batch")
        gone = next(batch.withdrawn for batch in manifest.batches if batch.id == chosen)
        label = say("Restore and build") if gone else say("Withdraw and build")
        st.button(
            label,
            key="intake_mark",
            disabled=running,
            on_click=mark,
            args=(chosen,),
            kwargs={"withdrawn": not gone},
        )


def show_builds() -> None:
    """Show the builds, each one click from being served."""
    for each in builds.every(store)[:BUILDS_SHOWN]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"row-build-{each.id}"):
            sign = "●" if each.served else "○"
            st.html(f'<p class="takeaway">{sign} <b>{escape(each.id)}</b>　{escape(intake.build_line(each, say))}</p>')
            if each.served:
                note(say("served"))
            else:
                st.button(
                    say("Serve this one"),
                    key=f"serve_{each.id}",
                    disabled=not each.fits,
                    on_click=serve,
                    args=(each.id,),
                )
    note(say("An earlier build is served until the next one is made; that one holds every batch that counts then."))


if not (here.viewer.sees_whole and here.viewer.names):
    show.heading(say("Bring in files, check them, build anew"), "")
    st.info(say("Files are brought in by those who see every unit and every name."))
    st.stop()

head = st.container(key="head")
with st.container(key="card-intake-files"):
    show.card_head(
        say("1 Choose files"), say("workbooks, CSV, personnel files, archives of them; several at once"), "intake-files"
    )
    name_the_dropzone()
    chosen_files()

seen: Checked | None = None
with st.container(key="card-intake-check"):
    show.card_head(say("2 Check"), say("nothing has landed yet"), "intake-check")
    if desk().paths:
        replace = st.toggle(say("These files replace all that landed of the same sources before"), key="intake_replace")
        seen = checked(replace=replace)
        show_check(seen)
    else:
        note(say("What the files hold, what is wrong in them and what would change stands here once they are chosen."))

with st.container(key="card-intake-land"):
    show.card_head(
        say("3 Land and build"), say("everybody reads on in the build before until the new one is whole"), "intake-land"
    )
    show_landing(seen)

with st.container(key="card-intake-history"):
    show.card_head(say("What was done"), say("nothing here is ever changed"), "intake-history")
    events = history.of(store)
    parts = {"builds": say("Builds"), "batches": say("Batches"), "events": say("Everything")}
    match filters.part("more", say("What was done"), parts):
        case "builds":
            show_builds()
        case "batches":
            show_batches(events)
        case "events":
            table(intake.events_table(events, say), say("What was done"))

with head:
    title = intake.headline(seen.look if seen else None, len(desk().paths), say)
    served = {"older": answers.older(), "invented": builds.is_of_example_city(store)}
    show.heading(title, intake.standing(store.manifest(), here.build_id, say, **served))
    if "intake_said" in st.session_state:
        st.error(st.session_state.pop("intake_said"))
