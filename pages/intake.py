"""Incoming files: chosen, checked, landed and built anew in the background, with everything that was done before."""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from data import batches, difference, headings, history, keeping, landing, marking, month, spreadsheet
from data.batches import LandingError
from data.headings import Shown
from data.history import HistoryError
from data.landing import Doubt, Look
from data.reading import ReadingError
from data.store import default_store
from pages.parts import answers, background, desk, filters, handed, intake, numerals, show
from pages.parts.background import WORKS, State, Task, Tell
from pages.parts.desk import Checked, Desk
from pages.parts.literal import literal
from queries import builds, warehouse

ENDINGS = (".xlsx", ".xls", ".csv", ".lrmx", ".lrm", ".zip")
BUILDS_SHOWN = 12
DOUBTS_SHOWN = 30
FILES_SHOWN = 12
OPEN = "?"
# How files land unless something else is chosen.
USUAL = {"replace": False, "mode": "good", "month": "", "by": ""}
KEY_BYTES = 8

here = answers.here()
say = here.words
store = default_store()
# Read once: what is disabled while work runs stands beside what draws the page anew once it has ended.
state = WORKS.state(store)
running = state is not None and not state.ended


def desk_here() -> Desk:
    """Give the desk that the address leads to, else that of this session; say so where an address leads nowhere."""
    own: Desk | None = st.session_state.get("intake_desk")
    asked = st.query_params.get("desk")
    if asked and not (own and own.name == asked):
        found = desk.find(asked, here.viewer.name)
        if found is None:
            st.session_state["intake_said"] = say(
                "At this address no files of yours wait any more: choose them again. "
                "They go once they have landed, are taken away after {n} hours, and nobody else can open them."
            ).format(n=desk.STALE_HOURS)
        own = found or own
    st.session_state["intake_desk"] = own or Desk(here.viewer.name)
    kept: Desk = st.session_state["intake_desk"]
    filters.keep("desk", kept.name if kept.paths else None)
    return kept


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
        f'{place} {{ font-size: 0; white-space: normal; }} {place}::after {{ content: "{text}"; font-size: 14px; }}'
        for place, text in told.items()
    )
    st.html(f"<style>{' '.join(rules)}</style>")


def choose_files() -> None:
    """Let the reader choose files, which are laid beside those that lie here, and take some away again."""
    key = f"intake_files_{st.session_state.setdefault('intake_round', 0)}"
    st.file_uploader(
        say("Drop files here, or choose them"),
        accept_multiple_files=True,
        key=key,
        on_change=lay,
        args=(key,),
        help=say("Larger files land on the command line: `{command}`.").format(command="python -m data land FILE"),
    )
    if mine.paths:
        show_files()


def show_files() -> None:
    """Show the files that lie here, each to be taken away in one click, and how long they do."""
    with st.container(horizontal=True, vertical_alignment="center", key="bar-files"):
        for path in mine.paths[:FILES_SHOWN]:
            told = say("Take {name} away").format(name=path.name)
            key = key_of("away", path.name)
            st.button(
                literal(f"{path.name}  ×"), key=key, help=literal(told), on_click=mine.take_away, args=(path.name,)
            )
        if len(mine.paths) > FILES_SHOWN:
            show.note(say("and {n} more").format(n=numerals.whole(len(mine.paths) - FILES_SHOWN)))
        if len(mine.paths) > 1:
            st.button(say("Take all away"), key="intake_clear", type="tertiary", on_click=mine.clear)
    waits = say(
        "They wait at this address, for you only, until they have landed or for {n} hours; "
        "reloading the page loses nothing."
    )
    show.note(waits.format(n=desk.STALE_HOURS))


def lay(key: str) -> None:
    """Lay what was chosen on the desk, and have the box ask for more."""
    given = st.session_state[key]
    read = [file for file in given if file.name.lower().endswith(ENDINGS)]
    if len(read) < len(given):
        names = say.pick(", ", "、").join(file.name for file in given if file not in read)
        told = say("Not taken, as such files are not read: {names}. Read are {endings}.")
        st.session_state["intake_said"] = told.format(names=names, endings=" ".join(ENDINGS))
    try:
        mine.lay((file.name, file.getvalue()) for file in read)
    except OSError as error:
        st.session_state["intake_said"] = say.pick(*keeping.why(error, desk.PLACE))
    st.session_state["intake_round"] += 1


def followed() -> tuple[float, str] | None:
    """Say how far the look at the files is; None once it is over."""
    looking = mine.looking
    if looking is None or looking.over.is_set():
        return None
    if not looking.files:
        return 0.0, say("Reading …")
    share = looking.files / (looking.files + len(mine.paths))
    return share, say("Reading {name} ({n} so far)").format(name=looking.latest, n=looking.files)


def key_of(asks: str, *about: object) -> str:
    """Give the key of a widget by what it asks about in which files: of others it asks anew, wherever it stands."""
    told = repr((mine.name, mine.edition, about)).encode()
    return f"{asks}_{hashlib.blake2s(told, digest_size=KEY_BYTES).hexdigest()}"


def decide(label: str, key: str) -> None:
    """Keep whose a file or row is, or that this is open again."""
    chosen = st.session_state[key]
    if chosen == OPEN:
        mine.whose.pop(label, None)
    else:
        mine.whose[label] = chosen


def show_doubts(doubts: Sequence[Doubt]) -> None:
    """Let the reader decide who is who where identifiers do not tell; what is open does not land."""
    now = {doubt.label: doubt for doubt in doubts}
    asked = {label: doubt for label, doubt in (mine.asked | now).items() if label in now or label in mine.whose}
    mine.asked = asked
    if not asked:
        return
    counted = say.count("{n} to decide", "{n} to decide", len(doubts))
    show.card_head(say("The same person?"), counted, "intake-doubts")
    show.note(say("Name, sex and birth are alike, and not both have an ID number. What is left open does not land."))
    for label, doubt in list(asked.items())[:DOUBTS_SHOWN]:
        named = {
            OPEN: say("open"),
            doubt.code: say("the same person: {name} ({code})").format(name=doubt.name, code=doubt.code),
            "": say("someone else"),
        }
        usual = list(named).index(mine.whose.get(label, OPEN))
        key = key_of("whose", label, doubt.code)
        st.selectbox(
            literal(intake.doubt_title(doubt, say)),
            list(named),
            usual,
            key=key,
            format_func=named.__getitem__,
            on_change=decide,
            args=(label, key),
        )


def correct(shown: Shown, kind_key: str, heading_key: str, meaning_key: str) -> None:
    """Keep what a sheet holds and that a heading means a column, or nothing, and look at the files again."""
    kind, written, name = (st.session_state[key] for key in (kind_key, heading_key, meaning_key))
    columns = headings.kinds()[kind].meant(shown)
    columns = {column: heading for column, heading in columns.items() if heading != written}
    if name:
        columns[name] = written
    try:
        headings.correct(store, shown, kind, columns, who_does_it())
    except (ReadingError, LandingError, OSError) as error:
        st.session_state["intake_said"] = str(error)
    mine.look_anew()


def forget(shown: Shown) -> None:
    """Forget the corrections of a sheet."""
    try:
        headings.forget(store, shown, who_does_it())
    except OSError as error:
        st.session_state["intake_said"] = say.pick(*keeping.why(error, store.maps))
    mine.look_anew()


def show_sheet(shown: Shown, place: int) -> None:
    """Show how a sheet was understood, and let the reader correct a heading."""
    found = shown.recognition
    named = intake.sheet_title(shown, say)
    unsure = not found.sources or any(heading.written for heading in found.unread)
    with st.expander(literal(named), expanded=unsure and not shown.settled):
        show.texts(intake.preview(shown, say), named, say)
        if shown.settled:
            show.note(say("Known by its headings; what is not read is left out on purpose or may not be kept."))
            return
        correction(shown, place)
        if not found.sources:
            show.note(
                say("A sheet without records, such as a cover or instructions, needs nothing here: it is left out.")
            )
        if shown.corrected:
            show.note(say("Headings corrected before were applied; they are kept for files with the same headings."))


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
            st.button(literal(label), key=f"forget_{place}", type="tertiary", on_click=forget, args=(shown,))


def show_check(seen: Checked) -> None:
    """Show what was seen in the files: the account, the headings, the findings, the difference."""
    show.seen(here, handed.PREVIEWED, "incoming files", files=len(mine.paths), edition=mine.edition)
    if seen.error:
        st.error(literal(seen.error))
    if seen.look:
        show.texts(intake.accounts(seen.look, say), say("Account"), say, numbers=(3, 4, 5))
    for place, shown in enumerate(seen.sheets):
        show_sheet(shown, place)
    show_doubts(seen.look.doubts if seen.look else ())
    if seen.look:
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
        worst = intake.findings(intake.worst_first(found)[: show.LIST_LONGEST], say)
        show.texts(worst, say("Findings"), say, numbers=(2,), wraps=(4, 6, 7), total=len(found))
    paths, code = mine.paths, intake.language(say)
    show.offer(
        here,
        say("Workbook with the cells marked"),
        lambda: marking.workbook(paths, found, look.closed, code),
        "findings.xlsx",
        spreadsheet.WORKBOOK,
        key="marked",
        files=len(paths),
        rows=len(found),
    )
    show.note(
        say("ID numbers are masked in it, cells of a closed source left out: mend your own file and choose it again.")
    )


def show_difference(seen: Checked) -> None:
    """Show what landing would change in what has landed: counts first, the list on opening."""
    show.card_head(say("Against what has landed"), say("counted in records, by their keys"), "intake-difference")
    show.texts(
        intake.difference_counts(seen.differences, say), say("Against what has landed"), say, numbers=(1, 2, 3, 4)
    )
    rows = difference.listed(seen.differences)
    rows = rows[rows["record"].map(here.viewer.opens).astype(bool)]
    if rows.empty:
        show.note(say("Nothing is new, gone or changed."))
        return
    with st.expander(say("Who and what"), on_change="rerun", key="intake_who") as opened:
        if opened.open:
            show.seen(here, handed.LISTED, "difference", rows=len(rows))
            show.texts(
                intake.difference_rows(rows.head(show.LIST_LONGEST), say), say("Who and what"), say, total=len(rows)
            )

            def listed() -> bytes:
                told = intake.difference_rows(rows, say).map(spreadsheet.disarmed)
                return bytes(told.to_csv(index=False).encode("utf-8-sig"))

            show.offer(
                here, say("Download CSV"), listed, "difference.csv", "text/csv", key="differences", rows=len(rows)
            )


def begin(name: str, who: str, task: Task) -> None:
    """Begin a piece of work in the background; say so where it is not begun, as another is being done."""
    if not WORKS.begin(store, name, who, task):
        st.session_state["intake_said"] = say(
            "This was not begun, for something else is being done to these data: do it again once that has ended."
        )


def land(taken: Desk, *, whole: bool, data_month: int | None, who: str) -> None:
    """Land the files of a desk and build, in the background."""

    def task(tell: Tell) -> str:
        read = itertools.count(1)
        batch = taken.land(
            store, month=data_month, whole=whole, who=who, progress=lambda _: tell(background.READING, next(read), 0)
        )
        background.build(store, tell, who)
        return batch

    begin("land", who, task)


def chooses(name: str) -> str:
    """Set the widget of a choice to what was chosen on this desk, and give its key."""
    key = f"intake_{name}"
    st.session_state[key] = mine.chosen.get(name, USUAL[name])
    return key


def keep_choices() -> None:
    """Keep with the files how they are to land."""
    mine.chosen |= {name: st.session_state[f"intake_{name}"] for name in USUAL if f"intake_{name}" in st.session_state}


def who_does_it() -> str:
    """Give the name that was entered, else that under which the dashboard runs."""
    return here.doer(str(st.session_state.get("intake_by", "")).strip() or history.whoever_runs_this())


def start() -> None:
    """Begin to land what lies on the desk, as it was chosen."""
    keep_choices()
    written = st.session_state["intake_month"].strip()
    try:
        data_month = month.parse(written) if written else None
    except ValueError:
        st.session_state["intake_said"] = say("{written} is no month; write it as 2026-10.").format(written=written)
        return
    land(mine, whole=st.session_state["intake_mode"] == "whole", data_month=data_month, who=who_does_it())


def show_landing(look: Look | None) -> None:
    """Let the reader choose how to land what was seen, and begin; show how far it is."""
    found = landing.data_month(store.manifest(), look.parts, replace=mine.replaces) if look else None
    choose_how(look, found)
    errors = look.report.errors if look else 0
    if errors and st.session_state["intake_mode"] == "whole":
        show.note(say.count(
            "{n} thing is to be mended: mend it and choose the file again, or land what is good.",
            "{n} things are to be mended: mend them and choose the file again, or land what is good.",
            errors,
        ))  # fmt: skip
    elif found and not st.session_state["intake_month"]:
        told = say(
            "Without a data month the data will stand at {month}: write the month of the files if it is another."
        )
        show.note(told.format(month=say.month(found)))
    if state and state.ended:
        show_end(state)
    elif state:
        show.work(store, lambda now: intake.doing(now, say))


def show_end(ended: State) -> None:
    """Say how the last work ended, and lead on to what was made of files that landed."""
    (st.error if ended.error else st.success)(literal(intake.ended(ended, say, older=answers.older())))
    if ended.name == "land" and not ended.error:
        kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else None
        with st.container(horizontal=True, key="bar-onward"):
            st.page_link("age_ladder.py", label=say("To the age ladder ›"), query_params=kept)
            st.page_link("quality.py", label=say("To the data quality ›"), query_params=kept)


def can_land(look: Look | None) -> bool:
    """Whether something of what was seen can land as the reader chose."""
    whole = st.session_state["intake_mode"] == "whole"
    return look is not None and look.report.landed > 0 and not (whole and look.report.errors)


def choose_how(look: Look | None, found: int | None) -> None:
    """Ask how what was seen is to land, and at which month the data stand if not at the one `found` in them."""
    modes = {"good": say("Land what is good"), "whole": say("Nothing until all is good")}
    keeps: dict[str, Any] = {"on_change": keep_choices}
    months = say("from the files: {month}").format(month=say.month(found)) if found else say("the files name none")
    if look is None:
        months = say("from the files")
    with st.container(horizontal=True, vertical_alignment="bottom", key="bar-land"):
        st.radio(say("How"), list(modes), key=chooses("mode"), format_func=modes.__getitem__, horizontal=True, **keeps)
        st.text_input(say("Data month, as 2026-10"), key=chooses("month"), placeholder=months, max_chars=7, **keeps)
        show.by_whom(here, say("Done by"), chooses("by"), history.LONGEST_NAME, **keeps)
        st.button(
            say("Land and build"),
            type="primary",
            key="intake_land",
            disabled=running or not can_land(look),
            on_click=start,
        )


def mark(batch: str, *, withdrawn: bool) -> None:
    """Withdraw or restore a batch, and build anew."""
    who = who_does_it()

    def task(tell: Tell) -> str:
        (batches.withdraw if withdrawn else batches.restore)(store, batch, who)
        return background.build(store, tell, who)

    begin("mark", who, task)


def serve(build_id: str) -> None:
    """Serve another build."""
    try:
        builds.serve(store, build_id, who_does_it())
    except (warehouse.WarehouseError, HistoryError, OSError) as error:
        st.session_state["intake_said"] = str(error)


def show_batches(events: tuple[history.Event, ...]) -> None:
    """Show every batch, and let one be withdrawn or restored."""
    show.texts(intake.batches(store, events, say), say("Batches"), say, numbers=(4, 5, 6))
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
            literal(label),
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
                now = say("served")
                st.html(f'<p class="page-note whole">{escape(now)}</p>')
            else:
                st.button(
                    say("Serve this one"),
                    key=f"serve_{each.id}",
                    disabled=not each.fits,
                    on_click=serve,
                    args=(each.id,),
                )
    show.note(
        say("An earlier build is served until the next one is made; that one holds every batch that counts then.")
    )


mine = desk_here()
head = st.container(key="head")
with st.container(key="card-intake-files"):
    show.card_head(
        say("1 Choose files"), say("workbooks, CSV, personnel files, archives of them; several at once"), "intake-files"
    )
    if mine.landing:
        show.note(say("The files that were chosen are landing."))
    else:
        name_the_dropzone()
        choose_files()

look, seen = None, mine.seen
with st.container(key="card-intake-check"):
    show.card_head(say("2 Check"), say("nothing has landed yet"), "intake-check")
    if mine.landing or not mine.paths:
        show.note(
            say("What the files hold, what is wrong in them and what would change stands here once they are chosen.")
        )
    else:
        st.toggle(
            say("These files replace all that landed of the same sources before"),
            key=chooses("replace"),
            on_change=keep_choices,
        )
        known = mine.look(store)
        # What is seen from here on waits for the next run: a box that is opened until then would close.
        seen = mine.seen if known else seen
        if not known:
            show.follow(followed)
        if seen:
            look = seen.look if known else None
            show_check(seen)

with st.container(key="card-intake-land"):
    show.card_head(
        say("3 Land and build"), say("everybody reads on in the build before until the new one is whole"), "intake-land"
    )
    show_landing(look)

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
            show.texts(intake.events_table(events, say), say("What was done"), say)

with head:
    title = intake.headline(seen, len(mine.paths), say)
    served = {"older": answers.older(), "invented": builds.is_of_example_city(store)}
    show.heading(title, intake.standing(store.manifest(), here.build_id, say, **served))
    if "intake_said" in st.session_state:
        st.error(literal(st.session_state.pop("intake_said")))
