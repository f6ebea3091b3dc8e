"""An answer's rows as a reader sees them: headings and codes in words, months and dates as written, one language."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from data import contract, month, spreadsheet
from pages.parts import numerals
from pages.parts.words import Words
from queries import Column
from queries.warehouse import Answer

CODES = {
    "body": "unit.body",
    "organ": "unit.organ",
    "sex": "member.sex",
    "level": "posting.level",
    "role": "posting.role",
    "posts": "age_target.posts",
    "kind": "age_target.kind",
    "denominator": "age_target.denominator",
    "tier": "age_target.tier",
    "confirmed": "age_target.confirmed",
    "force": "rotation_rule.force",
    "way": "programme.direction",
    "from_body": "unit.body",
    "from_level": "posting.level",
    "exchange_kind": "posting.exchange_kind",
    "exchange_reason": "posting.exchange_reason",
    "end_reason": "posting.end_reason",
    "colour": "colour_rule.colour",
    "status": "target_status.status",
    "status_at_term": "target_status.status",
    "item": "welfare_use.item",
    "trigger": "welfare_use.trigger",
    "counted_in": "welfare_item.counted_in",
    "claim": "welfare_item.claim",
    "viewer": "disclosure.viewer",
    "grade": "assessment.grade",
    "annual_grade": "assessment.grade",
    "ceiling": "assessment.grade",
    "assessment_kind": "assessment.kind",
    "unit_grade": "unit_assessment.grade",
    "category": "assessment_weight.category",
    "source": "assessment_weight.source",
    "highest": "assessment_weight.source",
    "lowest": "assessment_weight.source",
    "scheme": "assessment_weight.scheme",
    "best_scheme": "assessment_weight.scheme",
    "worst_scheme": "assessment_weight.scheme",
    "about": "grade_cap.about",
    "measure": "timetable_step.measure",
    "counted_by": "grade_cap.counted_in",
    "lever": "scenario_range.lever",
    "written_as": "scenario_range.written_as",
    "concerns": "record_rule.about",
    "aspect": "rank_rule.aspect",
    "series": "civil_rank.series",
    "task_kind": "rank_task.task",
    "check_kind": "unit_burden.check_kind",
    "course": "training.kind",
    "field": "expertise.field",
    "known_by": "expertise.basis",
    "paper": "measure.paper",
    "coverage": "measure.served",
    "watched": "measure.indicator",
    "reserve": "reserve.kind",
    "handling": "step_down.way",
    "cause": "step_down.reason",
    "protected_by": "protection.kind",
    "stage": "protection.stage",
}
LISTED = {"roles": "posting.role", "figures": "record_rule.moves"}
"""Columns that hold several codes of the contracts, joined by |."""
SPOKEN = (
    "reason",
    "step",
    "counted",
    "has_below",
    "finding",
    "side",
    "suppressed",
    "direction",
    "standing",
    "large",
    "far_apart",
    "state",
    "pairs",
    "is_primary",
    "serving",
    "is_ahead",
    "kept_as",
    "township_post",
    "joins_team",
)
PERCENT = ("share", "target_share", "other_share", "low", "high", "survival", "share_low", "share_high")
"""Columns of parts of one, which people read as percent."""
NUMBER = re.compile(r"[+−]?\d[\d,]*(\.\d+)?%?")


def readable(answer: Answer, words: Words) -> pd.DataFrame:
    """Give the rows with headings and codes in words; every cell is text, an empty one stays empty."""
    table = answer.table
    other = "_zh" if words.language == "en" else "_en"
    kept = [name for name in table.columns if not name.endswith(other)]
    return pd.DataFrame({heading(name, words): _texts(table[name], name, words) for name in kept})


def heading(column: str, words: Words) -> str:
    """Give a column's heading in words."""
    base = column.removesuffix("_zh").removesuffix("_en")
    said = words(base)
    return said if said != base else base.replace("_", " ").capitalize()


def csv(answer: Answer, words: Words) -> bytes:
    """Write the readable rows for a spreadsheet: UTF-8 with its mark, and no cell that would run as a formula."""
    cells = readable(answer, words).map(_cell)
    return str(cells.to_csv(index=False, lineterminator="\r\n")).encode("utf-8-sig")


def _cell(text: str) -> str:
    """Write a number with the keyboard's minus, so that a spreadsheet counts with it, and disarm a formula."""
    if NUMBER.fullmatch(text):
        return text.replace(numerals.MINUS, "-")
    return str(spreadsheet.disarmed(text))


def code(column: str, value: str, words: Words) -> str:
    """Give the name of a code of the contracts."""
    return contract.label(CODES[column], value, words.language)


def is_number(column: Column) -> bool:
    """Whether a column of an answer holds numbers that are compared, not months, dates or years."""
    is_time = column.name in {"birth", "year"} or column.name.endswith(("month", "date", "_year"))
    return not is_time and column.type.split("(")[0] in {"INTEGER", "DOUBLE", "DECIMAL"}


def source(rule: Mapping[str, Any], words: Words) -> str:
    """Name the clause that a rule's row (document, clause if any, confirmed) comes from, and who stands behind it."""
    said = {**rule, "confirmed": code("confirmed", rule["confirmed"], words)}
    if pd.isna(rule.get("clause")):
        return words("{document} ({confirmed})").format(**said)
    return words("{document}: {clause} ({confirmed})").format(**said)


def names_apart(table: pd.DataFrame) -> "pd.Series[str]":
    """Name the units of a table (unit_id, unit_name), those that share a name with their code."""
    codes = table.groupby("unit_name")["unit_id"].transform("nunique")
    return table["unit_name"].where(codes == 1, table["unit_name"] + " " + table["unit_id"])


def before_bracket(names: "pd.Series[str]") -> "pd.Series[str]":
    """Give the names of rules without what they say in brackets: whom they are asked of."""
    return names.str.replace(r" ?[（(].*", "", regex=True)


def codes(column: str, words: Words) -> dict[str, str]:
    """Give every code that a column of the contracts may hold, with its name, in the contract's order."""
    source, _, name = CODES[column].partition(".")
    choices = contract.load(source).column(name).choices
    return {choice.key: code(column, choice.key, words) for choice in choices}


def items_named(table: pd.DataFrame, words: Words) -> list[str]:
    """Name the items of welfare of a table (item, claim); an offer, which nobody must take up, says so."""
    names = ((code("item", item, words), claim) for item, claim in zip(table["item"], table["claim"], strict=True))
    return [words("{item} (offer)").format(item=name) if claim == "offer" else name for name, claim in names]


def date(value: int) -> str:
    """Write a partial date as far as it is known: 1990, 1990-05 or 1990-05-03."""
    year, rest = divmod(value, 10_000)
    parts = [f"{year:04d}", *(f"{part:02d}" for part in divmod(rest, 100) if part)]
    return "-".join(parts)


def spoken(code: str, say: Words) -> str:
    """Say a code that a question makes itself: a step of the bridge, a reason of a list, yes or no."""
    said = {
        "spare_before": say("difference before"),
        "appointed": say("newly appointed"),
        "moved_in": say("moved in"),
        "aged": say("passed the age line"),
        "moved_out": say("moved on"),
        "left": say("left"),
        "needed": say("change of the need"),
        "capped": say("beyond what a unit is asked"),
        "spare_after": say("difference after"),
        "statutory": say("statutory month"),
        "post_line": say("post age line"),
        "full_term": say("no full term left"),
        "day": say("day of birth"),
        "month_missing": say("month missing"),
        "birth_missing": say("birth missing"),
        "definition": say("reading of the name"),
        "higher": say("higher"),
        "lower": say("lower"),
        "alike": say("no clear difference"),
        "too_few": say("too few to tell"),
        "all": say("Everyone"),
        "body": say("Body"),
        "level": say("Level"),
        "sex": say("Sex"),
        "band": say("Age"),
        "no_total": say("no total"),
        "merged": say("merged"),
        "split": say("split"),
        "first_year": say("first year"),
        "new": say("new"),
        "gap": say("not assessed the year before"),
        "group_changed": say("came from another group"),
        "fall": say("large fall"),
        "poor": say("poor grade"),
        "up": say("up"),
        "down": say("down"),
        "due": say("due for a reward"),
        "rewarded": say("rewarded this year"),
        "next": say("one year short"),
        "used_up": say("rewarded, years counted anew"),
        "overdue": say("run out"),
        "soon": say("about to run out"),
        "ahead": say("ahead"),
        "reminder": say("reminder"),
        "tier": say("tiers"),
        "empty": say("nobody ready"),
        "thin": say("too few ready"),
        "enough": say("enough ready"),
        "not_needed": say("nothing falls vacant"),
        "holds": say("holds such a post"),
        "over_line": say("over the age line by then"),
        "leaving": say("leaves by then"),
        "ready": say("ready by then"),
        "not_ready": say("not ready by then"),
        "waiting": say("still needs years"),
        "unknown": say("unclear"),
        "outside": say("no rule from the present post"),
        "series": say("Series"),
        "rank_only": say("Rank only"),
        "leading": say("Leading posts"),
        "others": say("All others"),
        "ending": say("soon ends"),
        "kept": say("over, not lifted"),
        "raised": say("raised while it ran"),
        "principal": say("Principals"),
        "team": say("Others of teams"),
        "staff": say("No leading post"),
        "True": say("yes"),
        "False": say("no"),
    }
    return said[code]


def _texts(column: "pd.Series[Any]", name: str, words: Words) -> list[str]:
    write = _writer(name, words)
    return ["" if pd.isna(value) else write(value) for value in column]


def _writer(name: str, words: Words) -> Callable[[Any], str]:
    """Give the way a column's cells are written."""
    if name in CODES:
        return lambda value: code(name, value, words)
    if name in LISTED:
        return lambda value: listed(name, value, words)
    if name == "sheet":
        return lambda value: sheet(value, words)
    if name in SPOKEN:
        return lambda value: spoken(str(value), words)
    if name.endswith("month"):
        return lambda value: month.text(int(value))
    return WRITERS.get(name, _plain)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(int(value) if float(value).is_integer() else value).replace("-", numerals.MINUS)


def listed(column: str, value: str, words: Words) -> str:
    """Give the names of several codes of the contracts, joined by | as rules list them."""
    named = (contract.label(LISTED[column], each, words.language) for each in value.split("|") if each)
    return words.pick(", ", "、").join(named)


def sheet(source: str, words: Words) -> str:
    """Give the title of a source or a table of rules."""
    told = contract.load(source)
    return words.pick(told.title_en, told.title_zh)


WRITERS: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(PERCENT, numerals.percent),
    **dict.fromkeys(("spare", "spare_at_term"), numerals.signed),
    "points_ahead": lambda value: numerals.signed_point(round(float(value) * 100, 1)),
    **dict.fromkeys(("birth", "last_date", "decided_date", "since_date"), lambda value: date(int(value))),
    **dict.fromkeys(("total", "score", "stored_score"), lambda value: f"{float(value):.2f}"),
    **dict.fromkeys(("percentile", "noise"), lambda value: f"{float(value):.0f}"),
    **dict.fromkeys(
        ("gap", "democratic", "leader", "panel", "results"),
        lambda value: f"{float(value):.2f}".replace("-", numerals.MINUS),
    ),
    **dict.fromkeys(("places", "percentile_shift"), lambda value: numerals.signed(round(float(value)))),
}
