"""Data quality's figures: what each rule doubts and can move, where, whose records, and what the checks found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.found import Found
from pages.exhibits import Asks, Exhibit, Scene, Tables
from pages.parts import charts, numerals, rows
from pages.parts.charts import Figure

UNITS_DRAWN = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityScene(Scene):
    """What the reader of data quality has chosen beside the unit: the rule whose records are shown, None for all."""

    doubt: str | None
    doubt_name: str


# --- what the page says ---------------------------------------------------------------------------------------------


def headline(scene: QualityScene, tally: pd.DataFrame) -> str:
    """Say the finding: of how many people in post a record is in doubt."""
    say, (known,) = scene.words, tally.to_dict("records")
    if not known["people"]:
        return say("{unit}: nobody is in post").format(unit=scene.unit_name)
    found = say("{in_doubt} of {people} people in post ({share}) have a record in doubt").format(
        in_doubt=numerals.whole(known["in_doubt"]),
        people=numerals.whole(known["people"]),
        share=numerals.percent(known["in_doubt"] / known["people"]),
    )
    return say("{unit}: {found}").format(unit=scene.unit_name, found=found) if scene.unit else found


def under_headline(scene: QualityScene, tally: pd.DataFrame, checks: pd.DataFrame, rejected: int | None) -> str:
    """Say what else is in doubt: records of people not in post, what the checks found, and what did not land.

    `rejected` are the rows of files that did not land; None for a reader to whom they are not told.
    """
    say, (known,) = scene.words, tally.to_dict("records")
    told = [say("people no longer in post with a record in doubt: {n}").format(n=numerals.whole(known["gone"]))]
    if known["unplaced"]:
        told.append(say("without a post, with a record in doubt: {n}").format(n=numerals.whole(known["unplaced"])))
    told.append(say("records that the checks found: {n}").format(n=numerals.whole(checks["records"].sum())))
    if rejected is not None:
        told.append(say("rows of files that did not land: {n}").format(n=numerals.whole(rejected)))
    return say(" · ").join(told)


def counting(scene: QualityScene) -> str:
    """Say how records are doubted, and what is not kept and so cannot be."""
    return scene.words(
        "as of {month} · doubted is what cannot all be right, dates known in part being taken as kindly as can be; "
        "nothing is corrected by itself · schooling is not kept here and so not checked"
    ).format(month=scene.words.month(scene.data_month))


def _name(table: pd.DataFrame, scene: QualityScene) -> "pd.Series[Any]":
    return table[f"doubt{scene.words.pick('_en', '_zh')}"]


# --- rules ----------------------------------------------------------------------------------------------------------


def rule_asks(scene: QualityScene) -> Asks:
    """Ask what each rule doubts."""
    return {"rule": ("quality/rule", {"unit": scene.unit})}


def _draw_rules(scene: QualityScene, tables: Tables) -> Figure | None:
    table = tables["rule"]
    table = table[table["records"] > 0]
    if table.empty:
        return None
    named = table.assign(
        name=_name(table, scene),
        now=table["in_post"],
        later=table["people"] - table["in_post"],
        word=[numerals.percent(share, places=2) if share else "" for share in table["share"]],
        tone="blue",
        code=table["rule_id"],
    )
    return charts.tallies(named, look=scene.look)


def _rules_takeaway(scene: QualityScene, tables: Tables) -> str:
    say, table = scene.words, tables["rule"]
    clean = _name(table[table["records"] == 0], scene)
    if len(clean) == len(table):
        return say("No rule finds a record in doubt.")
    most = table.sort_values("in_post", ascending=False, kind="stable").iloc[0]
    told = say("Most concern {rule}: {people} people in post, {share}").format(
        rule=most[f"doubt{say.pick('_en', '_zh')}"],
        people=numerals.whole(most["in_post"]),
        share=numerals.percent(most["share"], places=2),
    )
    none = say("; nothing found by {rules}").format(rules=say.pick("; ", "、").join(clean)) if len(clean) else ""
    return told + none + say(".")


# --- units ----------------------------------------------------------------------------------------------------------


def _unit_asks(scene: QualityScene) -> Asks:
    return {"by_unit": ("quality/by_unit", {"unit": scene.unit, "doubt": scene.doubt})}


def _worst(table: pd.DataFrame) -> pd.DataFrame:
    found = table[table["records"] > 0]
    return found.sort_values(["in_doubt", "gone"], ascending=False, kind="stable")


def _draw_units(scene: QualityScene, tables: Tables) -> Figure | None:
    table = _worst(tables["by_unit"]).head(UNITS_DRAWN)
    if table.empty:
        return None
    table = table.assign(
        name=rows.names_apart(table),
        now=table["in_doubt"],
        later=table["gone"],
        word=["" if pd.isna(share) else numerals.percent(share) for share in table["share"]],
        tone="blue",
        code=table["unit_id"],
    )
    return charts.tallies(table, look=scene.look)


def _units_takeaway(scene: QualityScene, tables: Tables) -> str:
    say, table = scene.words, tables["by_unit"]
    found = len(_worst(table))
    if not found:
        return say("In no unit below is a record in doubt.")
    told = say.count(
        "{n} of {all} units has records in doubt", "{n} of {all} units have records in doubt", found, all=len(table)
    )
    return told + (say("; the first {n} are drawn").format(n=UNITS_DRAWN) if found > UNITS_DRAWN else "") + say(".")


# --- records --------------------------------------------------------------------------------------------------------


def _person_asks(scene: QualityScene) -> Asks:
    return {"person": ("quality/person", {"unit": scene.unit, "doubt": scene.doubt})}


def _persons_takeaway(scene: QualityScene, tables: Tables) -> str:
    say, table = scene.words, tables["person"]
    told = say.count("{n} record in doubt", "{n} records in doubt", len(table))
    mend = table[f"mend{say.pick('_en', '_zh')}"].unique()
    return say("{what}: {how}").format(what=told, how=mend[0]) if len(mend) == 1 else told + say(".")


# --- checks ---------------------------------------------------------------------------------------------------------


def check_asks(scene: QualityScene) -> Asks:
    """Ask what the checks across all that landed found."""
    return {"check": ("quality/check", {"unit": scene.unit})}


def _checks_takeaway(scene: QualityScene, tables: Tables) -> str:
    say, table = scene.words, tables["check"]
    if table.empty:
        return say("The checks across all that landed found nothing.")
    found = numerals.whole(table["records"].sum())
    return say.count(
        "{n} check found {records} records.", "{n} checks found {records} records.", len(table), records=found
    )


def _finding_asks(scene: QualityScene) -> Asks:
    return {"finding": ("quality/finding", {"unit": scene.unit})}


def _findings_takeaway(scene: QualityScene, tables: Tables) -> str:
    return scene.words.count("{n} record.", "{n} records.", len(tables["finding"]))


# --- files ----------------------------------------------------------------------------------------------------------


def files_table(scene: QualityScene, files: Sequence[Found]) -> pd.DataFrame:
    """Give what was found in the files, a row a problem in a column of a sheet, headed in words."""
    say = scene.words
    told = [
        {
            say("File"): say(" · ").join(filter(None, (found.first.file, found.first.sheet))),
            say("Column"): found.first.column,
            say("Rows"): numerals.whole(found.rows),
            say("First row"): str(found.first.row),
            say("Severity"): say("to be mended") if found.to_mend else say("told"),
            say("Value"): found.first.value,
            say("Problem"): say.pick(found.first.problem_en, found.first.problem_zh),
            say("How to mend it"): say.pick(found.first.mend_en, found.first.mend_zh),
        }
        for found in files
    ]
    return pd.DataFrame(told)


def files_takeaway(scene: QualityScene, files: Sequence[Found]) -> str:
    """Say how much in the files is to be mended, and how much is but told."""
    say = scene.words
    if not files:
        return say("Nothing was found in the files that landed.")
    to_mend = sum(found.rows for found in files if found.to_mend)
    return say("{to_mend} to be mended, {told} told.").format(
        to_mend=numerals.whole(to_mend), told=numerals.whole(sum(found.rows for found in files) - to_mend)
    )


RULES = Exhibit[QualityScene](
    "quality/rule",
    lambda scene: scene.words("Records in doubt by rule"),
    lambda scene: scene.words("people in post and their part, pale: not in post · a bar chooses its records"),
    rule_asks,
    _rules_takeaway,
    _draw_rules,
    chooses=("doubt",),
)
UNITS = Exhibit[QualityScene](
    "quality/by_unit",
    lambda scene: scene.words("Records in doubt by unit"),
    lambda scene: scene.words("{rule} · people and part of those in post").format(rule=scene.doubt_name),
    _unit_asks,
    _units_takeaway,
    _draw_units,
    chooses=("unit",),
)
PERSONS = Exhibit[QualityScene](
    "quality/person",
    lambda scene: scene.words("Records in doubt"),
    lambda scene: scene.doubt_name,
    _person_asks,
    _persons_takeaway,
    listed=("doubt", "unit_name", "name", "post", "stated_month", "against_month", "serving"),
)
MENDING = Exhibit[QualityScene](
    "quality/mending",
    lambda scene: scene.words("Rules of records"),
    lambda scene: scene.words("what its records can move, and how to mend them"),
    rule_asks,
    lambda scene, tables: scene.words("{n} rules; those to be confirmed say so in the evidence.").format(
        n=len(tables["rule"])
    ),
    listed=("concerns", "doubt", "people", "in_post", "share", "figures", "mend"),
)
CHECKS = Exhibit[QualityScene](
    "quality/check",
    lambda scene: scene.words("What the checks found"),
    lambda scene: scene.words("across all that landed, by source and check"),
    check_asks,
    _checks_takeaway,
    listed=("sheet", "records", "units", "sentence"),
)
FINDINGS = Exhibit[QualityScene](
    "quality/finding",
    lambda scene: scene.words("Records that the checks found"),
    lambda scene: scene.words("by source and unit"),
    _finding_asks,
    _findings_takeaway,
    listed=("sheet", "unit_name", "record", "sentence"),
)
EXHIBITS = (RULES, UNITS, PERSONS, MENDING, CHECKS, FINDINGS)
