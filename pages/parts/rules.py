"""A table of rules as a planner edits it: its columns in words, its rows as cells, and the cells as rows again."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from data import contract, month, policy
from data.amendments import Amendment, Change
from data.contract import Column
from pages.parts.charts import canvas
from pages.parts.words import Words

GIVEN_LATER = ("document", "clause", "valid_from")
"""What a changed row is given by the change that it belongs to: its source, and from when on it holds."""
SHARING = ("document", "clause")
LETTER_PIXELS, SIGN_PIXELS, MARGIN_PIXELS, WIDEST_PIXELS = 14, 22, 20, 320
LAST = ("confirmed", "valid_from", "valid_to", "document", "clause")
FIGURES = ("integer", "decimal", "fraction", "month")
ORDER = (
    "age_target", "term_change", "rotation_rule", "promotion_rule", "assessment_weight", "grade_cap", "grade_link",
    "assessment_rule", "welfare_entitlement", "welfare_item", "talk_rule",
    "training_rule", "training_kind", "duty_need", "reserve_kind", "reserve_experience",
    "rank_rule", "civil_rank", "township_rule", "down_reason", "effect_rule", "protection_rule",
    "programme", "timetable_step", "retirement",
    "target_status", "colour_rule", "record_rule", "scenario_range", "disclosure", "age_band", "measure",
)  # fmt: skip
"""The tables in the order in which they are asked for; one that is missing here comes last."""


def tables() -> tuple[str, ...]:
    """Every table of rules, the ones most asked for first."""
    return tuple(sorted(policy.names(), key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)))


def order(name: str, say: Words) -> list[str]:
    """The columns as they stand in the editor: what a rule is called, its figures, its scope, its source, its codes."""
    known = contract.load(name)
    named = any(column.name == "name_en" for column in known.columns)

    def rank(column: Column) -> tuple[int, int]:
        if column.name.endswith(("_en", "_zh")):
            return (0 if column.name.endswith(say.pick("_en", "_zh")) else 5), 0
        if column.type == "code" or column.name == "place":
            return 5, 0
        if column.name in LAST:
            return 4, LAST.index(column.name)
        if column.name in known.key or (not named and column.type == "choice" and column.required):
            return 1, 0
        return (2 if column.type in FIGURES else 3), 0

    return [column.name for column in sorted(known.columns, key=rank)]


def widths(name: str, held: Sequence[policy.Row], say: Words) -> dict[str, int]:
    """Pixels that each column of the editor takes by its heading and cells; those not named share what is left."""
    given = {}
    for column in contract.load(name).columns:
        if column.name not in SHARING:
            each = SIGN_PIXELS if column.type == "choices" else 0
            cells = [cell(column, row[column.name], say) for row in held]
            most = [len(row[column.name].split("|")) for row in held] if each else [0]
            wanted = max(
                canvas.width([heading(column, say)], LETTER_PIXELS) + SIGN_PIXELS,
                canvas.width(cells, LETTER_PIXELS) + each * max(most),
            )
            given[column.name] = round(min(wanted, WIDEST_PIXELS)) + MARGIN_PIXELS
    return given


def title(name: str, say: Words) -> str:
    """What a table is called."""
    of = contract.load(name)
    return say.pick(of.title_en, of.title_zh)


def heading(column: Column, say: Words) -> str:
    """What a column is called in the reader's language."""
    return say.pick(column.en, column.zh)


def explained(column: Column, say: Words) -> str:
    """What a column is called in the other language, its unit and its bounds."""
    write = month.text if column.type == "month" else str
    low, high = ("…" if bound is None else write(bound) for bound in (column.min, column.max))
    bounds = "" if column.min is None and column.max is None else f"{low} – {high}"
    return " · ".join(filter(None, (say.pick(column.zh, column.en), column.unit, bounds)))


def frame(name: str, rows: Sequence[policy.Row]) -> pd.DataFrame:
    """The rows as cells of the types of their columns: numbers, yes or no, lists of codes; all else is text."""
    columns = contract.load(name).columns
    return pd.DataFrame({c.name: _series(c, [row[c.name] for row in rows]) for c in columns})


def rows(name: str, edited: pd.DataFrame) -> list[dict[str, str]]:
    """The cells as rows again; a row in which nobody wrote anything is none."""
    columns = contract.load(name).columns
    given = [{c.name: _text(row[c.name]) for c in columns} for row in edited.to_dict("records")]
    return [row for row in given if any(row.values())]


def cell(column: Column, text: str, say: Words) -> str:
    """A cell in words: codes by their names."""
    if not column.choices or not text:
        return text
    named = {choice.key: say.pick(choice.en, choice.zh) for choice in column.choices}
    return say.pick(", ", "、").join(named.get(code, code) for code in text.split("|"))


def in_words(name: str, rows: Sequence[policy.Row], say: Words) -> pd.DataFrame:
    """The rows under headings and with codes in the reader's language."""
    return pd.DataFrame(
        {heading(c, say): [cell(c, row[c.name], say) for row in rows] for c in contract.load(name).columns}
    )


def changed(name: str, changes: Sequence[Change], say: Words) -> pd.DataFrame:
    """What changes, a line a cell: which rule, which column, as it was and as it shall be."""
    lines = [line for change in changes for line in _lines(name, change, say)]
    return pd.DataFrame(lines, columns=[say("Which rule"), say("Column"), say("As it is"), say("As it shall be")])


def what(entry: Amendment, say: Words) -> str:
    """What an entry of the history did, in one line."""
    if entry.withdraws is not None:
        return say("change {n} withdrawn").format(n=entry.withdraws)
    told = []
    for change in entry.changes:
        lines = [line for line in _lines(entry.table, change, say) if line[1] not in _source_headings(entry.table, say)]
        cells = say.pick(", ", "，").join(
            f"{column} {was or '—'} → {becomes or '—'}" for _, column, was, becomes in lines
        )
        told.append(say("{rule}: {cells}").format(rule=_called(entry.table, change, say), cells=cells))
    return say.pick("; ", "；").join(told)


def codes_named(rules: Mapping[str, Any], say: Words) -> dict[str, str]:
    """The name of every rule by its code, in the reader's language."""
    named = {}
    for name, table in rules.items():
        if {"name_en", "name_zh"} <= set(table.column_names):
            key = contract.load(name).key[0]
            for row in table.to_pylist():
                band = say.pick(row.get("band_en") or "", row.get("band_zh") or "")
                named[row[key]] = " ".join(filter(None, (say.pick(row["name_en"], row["name_zh"]), band)))
    return named


def _called(name: str, change: Change, say: Words) -> str:
    row = change.becomes or change.was or {}
    band = say.pick(row.get("band_en", ""), row.get("band_zh", ""))
    return " ".join(filter(None, (policy.called(name, row, say.language), band)))


def _lines(name: str, change: Change, say: Words) -> list[tuple[str, str, str, str]]:
    rule = _called(name, change, say)
    if change.becomes is None:
        return [(rule, say("the whole row"), say("in force"), say("ends"))]
    if change.was is None:
        return [(rule, say("the whole row"), "", say("new"))]
    was, becomes = change.was, change.becomes
    return [
        (rule, heading(c, say), cell(c, was[c.name], say), cell(c, becomes[c.name], say))
        for c in contract.load(name).columns
        if was[c.name] != becomes[c.name] and c.name != policy.FROM
    ]


def _source_headings(name: str, say: Words) -> set[str]:
    return {heading(c, say) for c in contract.load(name).columns if c.name in GIVEN_LATER}


def _series(column: Column, texts: Sequence[str]) -> "pd.Series[Any]":
    match column.type:
        case "integer":
            return pd.Series([int(text) if text else None for text in texts], dtype="Int64")
        case "decimal":
            return pd.Series([float(text) if text else None for text in texts], dtype="float64")
        case "choices":
            return pd.Series([text.split("|") if text else [] for text in texts], dtype="object")
        case "choice":
            return pd.Series([text or None for text in texts], dtype="object")
    return pd.Series(list(texts), dtype="object")


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple, np.ndarray)):
        return "|".join(map(str, value))
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
