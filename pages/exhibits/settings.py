"""What a change of the rules does: the same questions asked before and after, and only what differs of the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

import queries
from pages.parts import rows
from pages.parts.words import Words
from queries.warehouse import Answer

STATUSES = ("missed", "at_risk", "met")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked before and after: `figures` are compared by what the columns `about` say.

    Without figures its rows are counted; so of people there are only numbers. `only` keeps the rows of one code.
    """

    name: str
    about: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    only: tuple[str, str] | None = None


COMPARED = (
    Asked("overview/status", ("unit_name",), ("targets", "met", "at_risk", "missed", "colour")),
    Asked(
        "age_ladder/quota",
        ("who", "band"),
        ("needed", "have", "spare", "status", "term_month", "needed_at_term", "spare_at_term", "status_at_term"),
    ),
    Asked("age_ladder/by_unit", ("unit_name", "who", "band"), ("needed", "have", "spare", "status")),
    Asked("age_ladder/ladder", ("band", "level", "sex"), ("people",)),
    Asked("age_ladder/boundary", ("reason",)),
    Asked("age_ladder/roll_off", ("reason",)),
    Asked("age_ladder/crossing", ("target_id",)),
    Asked("roster/term_changes", ("tier", "round"), ("month", "term_years")),
    Asked("outlook/age_line", ("tier", "who", "band"), ("upper_age",)),
    Asked("outlook/pool", ("target_id",), ("people", "ready")),
    Asked("outlook/step", ("tier", "round", "step"), ("term_month", "lead", "measure", "before", "notice", "owner")),
    Asked("outlook/lever", ("lever",), ("least", "most", "step_size", "usual", "low_setting", "high_setting")),
    Asked("rotation/clock", ("clock", "state")),
    Asked("rotation/grassroots", ("rule_id", "body", "level"), ("people", "reached")),
    Asked("rotation/after_return", ("programme",), ("returned", "promoted", "same_level", "followed")),
    Asked("rotation/away", ("programme", "due_month")),
    Asked("assessment/grade_share", ("who", "peer_group"), ("allowed", "given", "over")),
    Asked("assessment/cap_link", ("unit_name",), ("allowed", "given", "over", "ceiling", "heads_over")),
    Asked("assessment/place_shift", ("peer_group", "unit_name"), ("total", "now_place", "large")),
    Asked("assessment/rank_range", ("peer_group", "unit_name"), ("best_place", "worst_place")),
    Asked("assessment/reminder", ("reason",)),
    Asked("assessment/streak", ("standing",)),
    Asked("assessment/source_gap", ("category", "peer_group"), ("subjects_apart",)),
    Asked("welfare/uptake", ("item",), ("people", "full_use", "share"), ("side", "all")),
    Asked("welfare/owed", ("owed",), ("people", "pay", "extra_pay")),
    Asked("welfare/talk", ("who", "month"), ("people", "full_use")),
    Asked("welfare/talk_trigger", ("trigger",), ("days", "in_time", "late")),
    Asked("welfare/talk_overdue"),
    Asked("capability/hours", ("requirement",), ("people", "met", "asked", "span"), ("side", "all")),
    Asked("capability/reach", ("course",), ("people", "taken"), ("side", "all")),
    Asked("capability/silent", ("span",), ("people", "silent"), ("side", "all")),
    Asked("capability/need", ("body", "field", "known_by"), ("needed", "teams", "met", "lacking")),
    Asked("reserve/echelon", ("reserve",), ("upper_age", "needed", "people", "over_line", "ready", "finding")),
    Asked("reserve/experience", ("reserve", "experience"), ("people", "met")),
    Asked(
        "tasks/measure", ("task",), ("coverage", "questions", "rules", "owner", "every", "notice", "watched", "most")
    ),
    Asked("tasks/point", ("paper", "point"), ("measures", "whole", "part", "unserved")),
    Asked("grass_roots/burden", ("check_kind",), ("most", "above")),
    Asked("rank_only/stock", ("series",), ("people", "stepped_down"), ("side", "series")),
    Asked("rank_only/asked", ("aspect",), ("people", "met", "least"), ("side", "all")),
    Asked("up_down/reason", ("cause",), ("decided_cases", "lost_post"), ("side", "all")),
    Asked("up_down/reason_year", ("cause", "year"), ("decided_cases",)),
    Asked("up_down/effect", ("effect",), ("running", "ending", "lifted", "not_lifted")),
    Asked("up_down/effect_ahead", ("month",), ("people",)),
    Asked("up_down/stage", ("protected_by", "stage"), ("days", "on_time", "reached_late", "steps_overdue")),
    Asked("up_down/talk", ("trigger",), ("days", "in_time", "late", "missed")),
    Asked("overview/quality", ("problem",), ("records",)),
    Asked("quality/rule", ("doubt",), ("people", "in_post")),
    Asked(
        "roster/disclosure", ("viewer",), ("min_group", "widest", "base", "edge", "filters", "quarter", "years_open")
    ),
)


def takes(name: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a question is asked with: of what is known, the things it cannot do without."""
    return {p.name: known[p.name] for p in queries.load(name).takes if not p.optional}


def differing(asked: Asked, before: Answer, after: Answer, names: Mapping[str, str], say: Words) -> pd.DataFrame:
    """Where two answers differ: what it is about, the figure, before and after, in words; empty where they agree."""
    one, other = (_told(asked, answer, names, say) for answer in (before, after))
    both = pd.concat([one.rename("before"), other.rename("after")], axis=1).fillna("")
    lines = both[both["before"] != both["after"]].reset_index()
    lines.columns = [say("Concerning"), say("Quantity"), say("In force"), say("As changed")]
    return lines


def target_tally(table: pd.DataFrame, status: str) -> dict[str, int]:
    """How many targets of a ledger stand at each status, short, at the edge and met."""
    return {each: int((table[status] == each).sum()) for each in STATUSES}


def people_short(table: pd.DataFrame, spare: str) -> int:
    """How many people are short over all targets of a ledger."""
    return int(-table[spare].clip(upper=0).sum())


def overdue(table: pd.DataFrame) -> int:
    """How many clocks have run out."""
    return int((table["state"] == "overdue").sum())


def asked_of(table: str) -> list[Asked]:
    """The questions behind which a table of rules stands, however far back; what the checks find stands on all."""
    return [asked for asked in COMPARED if {table, "finding"} & queries.given(asked.name)]


def tally(told: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], say: Words) -> pd.DataFrame:
    """The statuses that differ: targets by status now and at the term change, people short, clocks run out.

    `told` holds the answers before and after by question; what was not asked does not differ.
    """
    lines: list[tuple[str, int, int]] = []
    if "age_ladder/quota" in told:
        lines += _targets(*told["age_ladder/quota"], say)
    if "rotation/clock" in told:
        before, after = told["rotation/clock"]
        lines.append((say("Clocks that have run out"), overdue(before), overdue(after)))
    differing = [line for line in lines if line[1] != line[2]]
    return pd.DataFrame(differing, columns=[say("Status"), say("In force"), say("As changed")])


def takeaway(differ: Mapping[str, pd.DataFrame], moved: pd.DataFrame, say: Words) -> str:
    """Say in one sentence what the change does to the statuses."""
    if not differ:
        return say("Nothing changes: every status stays as it is.")
    status, before, after = moved.columns
    told = [
        say("{status} {before} → {after}").format(status=row[status], before=row[before], after=row[after])
        for row in moved.to_dict("records")
    ]
    if not told:
        return say("No target, and no count of clocks that have run out, changes its status.")
    return say("{changes}.").format(changes=say.pick("; ", "；").join(told))


def _targets(before: pd.DataFrame, after: pd.DataFrame, say: Words) -> list[tuple[str, int, int]]:
    lines = []
    for when, status, spare in (
        (say("in the month looked at"), "status", "spare"),
        (say("at the term change"), "status_at_term", "spare_at_term"),
    ):
        one, other = target_tally(before, status), target_tally(after, status)
        for each in STATUSES:
            name = say("Targets {status}, {when}").format(status=rows.code("status", each, say), when=when)
            lines.append((name, one[each], other[each]))
        short = say("People short, {when}").format(when=when)
        lines.append((short, people_short(before, spare), people_short(after, spare)))
    return lines


def _told(asked: Asked, answer: Answer, names: Mapping[str, str], say: Words) -> "pd.Series[str]":
    """The answer as texts by what it is about and the figure."""
    table = answer.table
    if asked.only:
        table = table[table[asked.only[0]] == asked.only[1]]
    readable = rows.readable(replace(answer, table=table), say)
    headings = [rows.heading(name, say) for name in asked.about]
    about = (
        readable[headings].map(lambda cell: names.get(cell, cell)).agg(" · ".join, axis=1)
        if headings and len(readable)
        else pd.Series(say("rows"), index=readable.index)
    )
    if not asked.figures:
        counted = about.value_counts().sort_index().astype(str)
        return _indexed([(label, say("rows"), number) for label, number in counted.items()])
    figures = [rows.heading(name, say) for name in asked.figures]
    called = [rows.code("status", name, say) if name in STATUSES else rows.heading(name, say) for name in asked.figures]
    lines = [
        (label, figure, names.get(cell, cell))
        for label, cells in zip(about, readable[figures].to_numpy(), strict=True)
        for figure, cell in zip(called, cells, strict=True)
    ]
    return _indexed(lines)


def _indexed(lines: Sequence[tuple[Any, str, str]]) -> "pd.Series[str]":
    index = pd.MultiIndex.from_tuples([line[:2] for line in lines], names=["about", "figure"]) if lines else None
    told = pd.Series([line[2] for line in lines], index=index, dtype="object")
    if index is None:
        told.index = pd.MultiIndex.from_arrays([[], []], names=["about", "figure"])
    repeated = told.groupby(level=[0, 1], sort=False).cumcount()
    distinct = [
        (about if not again else f"{about} ({again + 1})", figure)
        for (about, figure), again in zip(told.index, repeated, strict=True)
    ]
    told.index = pd.MultiIndex.from_tuples(distinct, names=["about", "figure"]) if distinct else told.index
    return told
