"""What both READMEs quote of the run that is kept: written by `--keep` between two marks, and held to it by a test."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.speeds import Report
from pages.parts import measured, words
from pages.parts.tables import Column
from pages.parts.words import Words
from tests.server import HOUSE

READMES = {"README.md": "en", "README.zh-CN.md": "zh_CN"}
BEGIN, END = "<!-- make bench ARGS=--keep writes from here -->", "<!-- to here -->"
QUESTIONS = ("age_ladder/over_time", "age_ladder/quota", "age_ladder/ladder", "welfare/uptake", "assessment/streak")


def quote(report: Report, folder: Path = HOUSE) -> None:
    """Write what is quoted of a run into the READMEs of a folder; ValueError where one has lost its marks."""
    for name, language in READMES.items():
        path = folder / name
        before, rest = path.read_text(encoding="utf-8").split(BEGIN)
        path.write_text(f"{before}{BEGIN}\n{quoted(report, words.of(language))}\n{END}{rest.split(END)[1]}", "utf-8")


def quoted(report: Report, say: Words) -> str:
    """The questions beside other ways to the same answers, and the goals, in a language."""
    beside = measured.comparisons(replace(report, rows=tuple(r for r in report.rows if r.what in QUESTIONS)), say)
    goals = measured.goals(report, say)
    shown = [column for column in measured.goal_columns(say) if column.heading != say("Why")]
    return "\n".join(
        [
            say(" · ").join((report.began[:10], report.version, report.facts["machine"], *measured.added(report, say))),
            "",
            *_table(beside, measured.comparison_columns(beside, say)),
            "",
            *_table(goals, shown),
        ]
    )


def _table(table: pd.DataFrame, columns: Sequence[Column]) -> list[str]:
    headings = [column.heading for column in columns]
    rule = ["--:" if column.number else "---" for column in columns]
    rows = [headings, rule, *table[headings].to_numpy().tolist()] if len(table) else []
    return [f"| {' | '.join(row)} |" for row in rows]
