"""What the reader has chosen, kept in the address as codes: the same link shows the same page in either language."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import streamlit as st

from data import month
from pages.parts.literal import literal

ALL = "all"
CARRIED = ("lang", "unit", "month")


def carry() -> None:
    """Take language, unit and month along where the menu leads to another page, which Streamlit opens without them."""
    page = urlsplit(st.context.url or "").path
    kept = st.session_state.get("carried", {}) if page != st.session_state.get("page_before", page) else {}
    for name, value in kept.items():
        if name not in st.query_params:
            st.query_params[name] = value
    st.session_state["page_before"] = page
    st.session_state["carried"] = {name: st.query_params[name] for name in CARRIED if name in st.query_params}


def code(name: str, allowed: Sequence[str]) -> str | None:
    """Give the code that the address holds for `name`; None where it holds none or one that is not allowed."""
    value = st.query_params.get(name)
    return value if value in allowed else None


def month_in_address(name: str, default: int, first: int, last: int) -> int:
    """Give the month (YYYYMM) that the address holds, moved into first..last; `default` where it holds none."""
    try:
        chosen = month.parse(st.query_params.get(name, ""))
    except ValueError:
        return default
    return max(first, min(last, chosen))


def keep(name: str, value: str | None) -> None:
    """Write a code into the address; None takes it out."""
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value


def choose(name: str, label: str, options: Mapping[str, str], everything: str) -> str | None:
    """Show a list to choose a code from; `everything` names the choice of none, which gives None."""
    named: dict[str, str] = {ALL: everything, **options}
    key = f"choose_{name}"
    st.session_state[key] = code(name, list(options)) or ALL
    show = named.__getitem__
    chosen = st.selectbox(
        literal(label), list(named), key=key, format_func=show, on_change=_keep_choice, args=(name, key)
    )
    return None if chosen == ALL else chosen


def day(name: str, label: str, usual: dt.date, first: dt.date, last: dt.date) -> dt.date:
    """Show a day to choose between two; one that is not the usual day is kept in the address."""
    key = f"day_{name}"
    st.session_state[key] = _day_in_address(name, usual, first, last)
    st.date_input(
        literal(label),
        key=key,
        min_value=first,
        max_value=last,
        format="YYYY-MM-DD",
        on_change=_keep_day,
        args=(name, key, usual),
    )
    chosen: dt.date = st.session_state[key]
    return chosen


def _day_in_address(name: str, usual: dt.date, first: dt.date, last: dt.date) -> dt.date:
    try:
        chosen = dt.date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return usual
    return chosen if first <= chosen <= last else usual


def _keep_day(name: str, key: str, usual: dt.date) -> None:
    chosen: dt.date | None = st.session_state[key]
    keep(name, None if chosen in (None, usual) else f"{chosen:%Y-%m-%d}")


def slide(name: str, label: str, options: Mapping[str, str], usual: str) -> str:
    """Show a slider over codes in order, each with its words; `usual` stands until another is chosen."""
    key = f"slide_{name}"
    st.session_state[key] = code(name, list(options)) or usual
    st.select_slider(
        literal(label),
        list(options),
        key=key,
        format_func=options.__getitem__,
        on_change=_keep_unless,
        args=(name, key, usual),
    )
    return str(st.session_state[key])


def whole_number(name: str, label: str, least: int, most: int, nothing: str) -> int | None:
    """Show a box for a whole number in least..most; `nothing` is what it says while it is empty, which gives None."""
    key = f"number_{name}"
    written = st.query_params.get(name, "")
    known = written.isascii() and written.isdecimal() and least <= int(written) <= most
    st.session_state[key] = int(written) if known else None
    st.number_input(
        literal(label),
        least,
        most,
        value=None,
        step=1,
        key=key,
        placeholder=nothing,
        on_change=_keep_choice,
        args=(name, key),
    )
    chosen = st.session_state[key]
    return None if chosen is None else int(chosen)


def part(name: str, label: str, options: Mapping[str, str]) -> str:
    """Show the parts of a section side by side to choose one from, the first unless another is in the address.

    Only the part that is chosen is drawn, so that nobody waits for what they do not look at.
    """
    key = f"part_{name}"
    st.session_state[key] = code(name, list(options)) or next(iter(options))
    st.segmented_control(
        literal(label),
        list(options),
        key=key,
        format_func=options.__getitem__,
        required=True,
        on_change=_keep_choice,
        args=(name, key),
        label_visibility="collapsed",
    )
    return str(st.session_state[key])


def _keep_choice(name: str, key: str) -> None:
    value = st.session_state[key]
    keep(name, None if value is None or value == ALL else str(value))


def _keep_unless(name: str, key: str, usual: str) -> None:
    value = st.session_state[key]
    keep(name, None if value == usual else value)


def from_click(figure: str, *names: str) -> Callable[[], None]:
    """Make a callback that writes the codes of what was clicked on a figure into the address, under these names."""

    def chosen() -> None:
        points = st.session_state[f"plot_{figure}"].selection.points
        for name, value in zip(names, points[0]["customdata"] if points else (), strict=False):
            keep(name, str(value))

    return chosen


def from_element(element: str, state: str, name: str, write: Callable[[str], str] = str) -> Callable[[], None]:
    """Make a callback that writes what a drawn element says into the address."""

    def arrived() -> None:
        value = getattr(st.session_state[element], state, None)
        if value is not None:
            keep(name, write(value))

    return arrived
