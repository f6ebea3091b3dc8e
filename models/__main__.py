"""The models from the command line: `python -m models retire 1970-05 --line 60`, `… ranks --year 2025 --group G`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from data import contract, landing, month, policy
from models import ranks, retirement

REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one command; 2 and a sentence on stderr where it cannot be answered."""
    given = _parser().parse_args(arguments)
    try:
        _say(given.run(given))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    retire = commands.add_parser("retire", help="the statutory month of retirement and the age then")
    retire.add_argument("birth", help="month of birth, as 1970-05")
    retire.add_argument("--line", type=int, default=60, help="age limit before the reform: 60, 55 or 50 (default 60)")
    retire.set_defaults(run=_retire)
    placed = commands.add_parser("ranks", help="how sure the places of a year are, and which moves are beyond noise")
    placed.add_argument("--store", type=Path, default=landing.default_store().root, help="folder with the data")
    placed.add_argument("--year", type=int, help="year assessed (the last one by default)")
    placed.add_argument("--group", help="assessment group; without one the groups are listed")
    placed.set_defaults(run=_ranks)
    return parser


def _retire(given: argparse.Namespace) -> str:
    born, line = month.parse(given.birth), given.line
    reached = retirement.retirement_month(born, retirement.rule_for(line))
    if reached is None:
        known = ", ".join(map(str, sorted(retirement.published_rules())))
        message = (
            f"No formula is published for the age limit {line}; give one of {known}, or use the month in the file."
        )
        raise ValueError(message)
    return f"{month.text(reached)} {retirement.Age.at(reached, born)}"


def _ranks(given: argparse.Namespace) -> str:
    manifest = landing.Store(given.store).manifest()
    rows = _landed(manifest, "unit_assessment").rename(columns={"unit_id": "unit"})
    if rows.empty:
        message = f"No unit assessment has landed in {given.store}; use `python -m data land FILE`."
        raise ValueError(message)
    groups = sorted(rows["peer_group"].unique())
    if given.group not in groups:
        message = f"Give --group one of {', '.join(groups)}."
        raise ValueError(message)
    year = given.year or int(rows["year"].max())
    rows["score"] = ranks.totals(rows, _weights(year))
    rows["before"] = ranks.compared(rows, _landed(manifest, "unit_lineage"))
    rows["line"] = ranks.lines(rows)
    group = rows[(rows["peer_group"] == given.group) & rows["score"].notna()]
    names = group[group["year"] == year].set_index("line")["unit"]
    lines = group[["line", "year", "score"]].rename(columns={"line": "unit"})
    now, weights = group[group["year"] == year], _weights(year)
    indicators = _landed(manifest, "unit_indicator").rename(columns={"unit_id": "unit", "score": "marks"})
    beside = now.merge(indicators, on=["unit", "year"]).drop(columns="score").rename(columns={"marks": "score"})

    def by_indicators() -> ranks.Noise | None:
        return ranks.indicator_noise(ranks.parts(beside, weights)) if weights else None

    judged = ranks.judged(lines, year, _rules(year), spare=by_indicators)
    return _table(judged, names, ranks.near_weights(now.set_index("unit"), weights))


def _landed(manifest: landing.Manifest, source: str) -> pd.DataFrame:
    """Everything that landed of a source; of two rows of one key the later is right."""
    contracted = contract.load(source)
    parts = [pq.read_table(path).to_pandas() for path in manifest.files(source)]
    every = pd.concat([contracted.arrow_schema.empty_table().to_pandas(), *parts], ignore_index=True)
    once: pd.DataFrame = every.drop_duplicates(list(contracted.key), keep="last", ignore_index=True)
    return once


def _weights(year: int) -> dict[str, int]:
    rows = _in_force("assessment_weight", year)
    nominal = rows[(rows["scheme"] == "nominal") & (rows["category"] == "team")]
    return {str(source): int(percent) for source, percent in zip(nominal["source"], nominal["percent"], strict=True)}


def _rules(year: int) -> ranks.Rules:
    values = _in_force("assessment_rule", year).set_index("rule_id")["value"]
    if missing := {"reliability", "false_discovery"} - set(values.index):
        message = f"No rule {', '.join(sorted(missing))} is in force in {year}; see data/policy/assessment_rule.csv."
        raise ValueError(message)
    return ranks.Rules(float(values["reliability"]), float(values["false_discovery"]))


def _in_force(table: str, year: int) -> pd.DataFrame:
    rows = policy.read(table).to_pandas()
    december = year * 100 + month.MONTHS_A_YEAR
    in_force: pd.DataFrame = rows[(rows["valid_from"] <= december) & ~(rows["valid_to"] <= december)]
    return in_force


def _table(judged: pd.DataFrame, names: pd.Series, near: pd.DataFrame) -> str:
    """The places as text: unit, place, intervals, move and verdict, under what is known of the noise and by what."""
    sure = judged[["noise", "noise_by", "reliability"]].iloc[0] if len(judged) else pd.Series({"noise": None})
    head = (
        "noise unknown"
        if pd.isna(sure["noise"])
        else f"noise {sure['noise']:.2f} by {sure['noise_by']}, reliability {sure['reliability']:.2f}"
    )
    shown = judged.assign(
        unit=judged["unit"].map(names),
        interval=_between(judged),
        near_weights=_between(near.reindex(judged["unit"].map(names))),
    )
    columns = [
        "unit", "score", "place", "interval", "near_weights", "before_place", "places", "difference", "fall_back",
        "verdict",
    ]  # fmt: skip
    return f"{head}\n{shown[columns].to_string(index=False, na_rep='', float_format='{:.2f}'.format)}"


def _between(places: pd.DataFrame) -> list[str]:
    return [f"{low:.0f}-{high:.0f}" if pd.notna(low) else "" for low, high in places[["low", "high"]].to_numpy()]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
