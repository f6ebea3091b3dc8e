"""The models from the command line: retirement, ranks, and the outlook on any store: backtest, project, reach."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from data import amendments, backtests, contract, month, sealing
from data.access import LOCAL
from data.backtests import Backtest
from data.store import Manifest, Store, default_store
from models import backtest, outlook, population, projection, ranks, reach, retirement, scenario
from models.scenario import Scenario
from queries import warehouse

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
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument("--store", type=Path, default=default_store().root, help="folder with the data")
    retire = commands.add_parser("retire", parents=[store], help="the statutory month of retirement and the age then")
    retire.add_argument("birth", help="month of birth, as 1970-05")
    retire.add_argument("--line", type=int, default=60, help="age limit before the reform: 60, 55 or 50 (default 60)")
    retire.set_defaults(run=_retire)
    placed = commands.add_parser(
        "ranks", parents=[store], help="how sure the places of a year are, and which moves are beyond noise"
    )
    placed.add_argument("--year", type=int, help="year assessed (the last one by default)")
    placed.add_argument("--group", help="assessment group; without one the groups are listed")
    placed.set_defaults(run=_ranks)
    _add_outlook(commands, store)
    return parser


def _add_outlook(commands: Any, of_store: argparse.ArgumentParser) -> None:
    store = argparse.ArgumentParser(add_help=False, parents=[of_store])
    store.add_argument("--format", choices=("table", "json"), default="table")
    store.add_argument("--seed", type=int, default=0, help="of the random numbers; equal seeds give equal answers")
    tested = commands.add_parser(
        "backtest",
        parents=[store],
        help="how far projections would have been off, made anew as of one, two, … years before the data month",
    )
    tested.add_argument(
        "--ages", type=_ages, help="age lines, completed years exclusive: 45,50,55 (those of the targets)"
    )
    tested.add_argument(
        "--by", type=_names, default=backtest.USUAL_BY, help=f"cells: {', '.join(population.BY)}, several by a comma"
    )
    tested.add_argument("--years", type=int, default=backtest.YEARS, help="years ahead (default 5)")
    tested.add_argument("--paths", type=int, default=backtest.PATHS, help="paths of each projection")
    tested.set_defaults(run=_backtest)
    ahead = argparse.ArgumentParser(add_help=False)
    ahead.add_argument("target", help="code of the target, as in `python -m queries ask roster/targets`")
    ahead.add_argument("--as-of", type=month.parse, help="month to look from (the data month)")
    ahead.add_argument("--until", type=month.parse, help="month to look ahead to (the target's next term change)")
    ahead.add_argument("--unit", help="code of the unit (the whole by default)")
    projected = commands.add_parser(
        "project", parents=[store, ahead], help="where a target will stand at its term change"
    )
    projected.add_argument(
        "--plan", type=int, help="appointments in the band a year (the least that reach nine in ten)"
    )
    projected.set_defaults(run=_project)
    reached = commands.add_parser(
        "reach", parents=[store, ahead], help="the least appointments a year that reach a target"
    )
    reached.add_argument("--probability", type=_probability, default=outlook.USUAL, help="to be reached (0.9)")
    reached.set_defaults(run=_reach)


def _ages(text: str) -> tuple[int, ...]:
    return tuple(int(age) for age in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(population.BY):
        message = f"{', '.join(sorted(unknown))}: people are counted by {', '.join(population.BY)}."
        raise argparse.ArgumentTypeError(message)
    return names


def _probability(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        message = f"{text} is no probability between 0 and 1; write nine in ten as 0.9."
        raise argparse.ArgumentTypeError(message)
    return value


def _retire(given: argparse.Namespace) -> str:
    born, line = month.parse(given.birth), given.line
    published = retirement.published_rules(amendments.table(Store(given.store), "retirement").to_pylist())
    reached = retirement.retirement_month(born, published.get(line))
    if reached is None:
        known = ", ".join(map(str, sorted(published)))
        message = (
            f"No formula is published for the age limit {line}; give one of {known}, or use the month in the file."
        )
        raise ValueError(message)
    return f"{month.text(reached)} {retirement.Age.at(reached, born)}"


def _ranks(given: argparse.Namespace) -> str:
    store = Store(given.store)
    manifest = store.manifest()
    rows = _landed(manifest, "unit_assessment").rename(columns={"unit_id": "unit"})
    if rows.empty:
        message = f"No unit assessment has landed in {given.store}; use `python -m data land FILE`."
        raise ValueError(message)
    groups = sorted(rows["peer_group"].unique())
    if given.group not in groups:
        message = f"Give --group one of {', '.join(groups)}."
        raise ValueError(message)
    year = given.year or int(rows["year"].max())
    rows["score"] = ranks.totals(rows, _weights(store, year))
    rows["before"] = ranks.compared(rows, _landed(manifest, "unit_lineage"))
    rows["line"] = ranks.lines(rows)
    group = rows[(rows["peer_group"] == given.group) & rows["score"].notna()]
    names = group[group["year"] == year].set_index("line")["unit"]
    lines = group[["line", "year", "score"]].rename(columns={"line": "unit"})
    now, weights = group[group["year"] == year], _weights(store, year)
    indicators = _landed(manifest, "unit_indicator").rename(columns={"unit_id": "unit", "score": "marks"})
    beside = now.merge(indicators, on=["unit", "year"]).drop(columns="score").rename(columns={"marks": "score"})

    def by_indicators() -> ranks.Noise | None:
        return ranks.indicator_noise(ranks.parts(beside, weights)) if weights else None

    judged = ranks.judged(lines, year, _rules(store, year), spare=by_indicators)
    return _table(judged, names, ranks.near_weights(now.set_index("unit"), weights))


def _opened(store: Path) -> warehouse.Warehouse:
    path = warehouse.newest(Store(store))
    if path is None:
        message = f"There is no build in {store} yet; make one with `python -m queries build --store {store}`."
        raise ValueError(message)
    return warehouse.open_for(path, LOCAL)


def _backtest(given: argparse.Namespace) -> str:
    opened = _opened(given.store)
    postings = opened.ask("outlook/posting").table
    targets = opened.ask("outlook/target", as_of=opened.data_month).table
    ages = given.ages or backtest.ages_of(targets)
    if not ages:
        message = f"No target of {month.text(opened.data_month)} has an age line; give --ages as 35,40,45."
        raise ValueError(message)
    asked = backtest.Asked(ages, given.years, given.paths, given.seed)
    single = backtest.of_roster(postings, opened.ask("outlook/term").table, opened.data_month, asked, given.by)
    rows, told = population.leading(postings, given.by), backtest.summary(single)
    usual = (None, backtest.USUAL_BY, backtest.YEARS, backtest.PATHS)
    if (given.ages, given.by, given.years, given.paths) == usual:
        backtests.keep(Store(given.store), opened.build_id, Backtest(told, asked.paths, asked.seed))
    first, last = (month.text(month.from_number(int(end))) for end in (single["origin"].min(), single["origin"].max()))
    facts = {
        "build": opened.build_id,
        "data_month": month.text(opened.data_month),
        "origins": f"{first} to {last}, a year apart",
        "cells": ", ".join(given.by),
        "ages": list(ages),
        "people": int(rows.loc[rows["cell"] != "", "person"].nunique()),
        "left_out": f"{population.births_missing(postings)} leading postings of people without a birth month",
        "paths": given.paths,
        "seed": given.seed,
        "meaning": backtest.MEANING,
    }
    return _told(given.format, facts, told.round(2))


def _project(given: argparse.Namespace) -> str:
    facts, ahead = _projection(given, Scenario(plan=given.plan))
    facts |= {"plan": ahead.plan, "vacancies_a_year": ahead.vacancies}
    return _told(given.format, facts, ahead.summary.round(2), *([] if ahead.bridge is None else [ahead.bridge]))


def _reach(given: argparse.Namespace) -> str:
    facts, ahead = _projection(given, Scenario(), given.probability)
    facts["vacancies_a_year"] = ahead.vacancies
    try:
        found = ahead.least()
    except reach.NotAttainable as limit:
        facts["answer"] = (
            f"Not attainable within the {limit.nearest} vacancies a year; nearest is {limit.nearest} a year, "
            f"with a chance of {limit.chance:.3f}."
        )
        return _told(given.format, facts, ahead.curve().round(3))
    facts |= {
        "appointments_a_year": found.number,
        "chance": round(found.chance, 4),
        "chance_of_one_less": round(found.below, 4),
        "holds_under_stress": ahead.holds_in_all(),
    }
    return _told(given.format, facts, ahead.lateness(), ahead.curve().round(3))


def _projection(
    given: argparse.Namespace, assumed: Scenario, probability: float = outlook.USUAL
) -> tuple[dict[str, Any], projection.Projection]:
    opened = _opened(given.store)
    as_of = given.as_of or opened.data_month
    if as_of > opened.data_month:
        message = f"The data end in {month.text(opened.data_month)}; give --as-of a month up to it."
        raise ValueError(message)
    quota = opened.ask("age_ladder/quota", as_of=as_of, unit=given.unit).table.set_index("target_id")
    if given.target not in quota.index:
        known = ", ".join(quota.index) or "none"
        message = f"No target {given.target!r} is asked in {month.text(as_of)}; there are: {known}."
        raise ValueError(message)
    until = given.until or quota["term_month"].astype("Int64")[given.target]
    if pd.isna(until) or until <= as_of:
        message = f"No term change of {given.target} is known after {month.text(as_of)}; give --until as 2031-12."
        raise ValueError(message)
    then = (
        opened.ask("age_ladder/quota", as_of=int(until), unit=given.unit).table.set_index("target_id").loc[given.target]
    )
    fitted = outlook.Outlook(given.seed).fit(
        opened.ask("outlook/posting").table,
        opened.ask("outlook/target", as_of=as_of).table,
        opened.ask("outlook/term").table,
        as_of,
    )
    units = opened.ask("outlook/posting", unit=given.unit).table["unit_no"] if given.unit else None
    wanted = projection.Wanted(int(then["needed"]), int(then["base"]))
    scope = None if units is None else frozenset(int(number) for number in units.unique())
    facts = {
        "target": given.target,
        "from": month.text(as_of),
        "until": month.text(int(until)),
        "unit": given.unit or "all",
        "build": opened.build_id,
        "seed": given.seed,
        "meaning": outlook.MEANING,
    }
    ranges = scenario.ranges(opened.ask("outlook/lever", as_of=as_of).table.to_dict("records"))
    return facts, fitted.project(
        given.target, int(until), wanted, assumed, ranges=ranges, units=scope, probability=probability
    )


def _told(form: str, facts: dict[str, Any], *tables: pd.DataFrame) -> str:
    """Facts and tables as text or as JSON."""
    if form == "json":
        rows = [json.loads(table.to_json(orient="records")) for table in tables]
        return json.dumps({**facts, "rows": rows[0], "more": rows[1:]}, ensure_ascii=False, indent=2)
    lines = [f"{name}: {value}" for name, value in facts.items()]
    return "\n\n".join(["\n".join(lines), *(table.to_string(index=False, na_rep="-") for table in tables)])


def _landed(manifest: Manifest, source: str) -> pd.DataFrame:
    """Everything that landed of a source; of two rows of one key the later is right."""
    contracted = contract.load(source)
    parts = [pq.read_table(sealing.source(path)).to_pandas() for path in manifest.files(source)]
    every = pd.concat([contracted.arrow_schema.empty_table().to_pandas(), *parts], ignore_index=True)
    once: pd.DataFrame = every.drop_duplicates(list(contracted.key), keep="last", ignore_index=True)
    return once


def _weights(store: Store, year: int) -> dict[str, int]:
    rows = _in_force(store, "assessment_weight", year)
    nominal = rows[(rows["scheme"] == "nominal") & (rows["category"] == "team")]
    return {str(source): int(percent) for source, percent in zip(nominal["source"], nominal["percent"], strict=True)}


def _rules(store: Store, year: int) -> ranks.Rules:
    values = _in_force(store, "assessment_rule", year).set_index("rule_id")["value"]
    if missing := {"reliability", "false_discovery"} - set(values.index):
        message = f"No rule {', '.join(sorted(missing))} is in force in {year}; see data/policy/assessment_rule.csv."
        raise ValueError(message)
    return ranks.Rules(float(values["reliability"]), float(values["false_discovery"]))


def _in_force(store: Store, table: str, year: int) -> pd.DataFrame:
    rows = amendments.table(store, table).to_pandas()
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
