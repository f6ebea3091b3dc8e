"""Ask without the screen: python -m queries build | builds | verify | prune | serve | list | show NAME | ask NAME …."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd

import queries
from data import history, keeping, month, resealing, spreadsheet
from data.access import LOCAL
from data.batches import LandingError
from data.store import Store, default_store
from data.trail import TRAIL
from queries import building, builds, pruning, spark, warehouse

ENGINES = ("duckdb", "spark")
FINDINGS_SHOWN = 20
MEGABYTE = 1_000_000
TARGETS = {"age_target", "target_month", "target_spell"}


def main(words: list[str]) -> int:
    """Run one command; 0 when it worked, 2 with a sentence on stderr when it could not."""
    arguments, rest = _parser().parse_known_args(words)
    try:
        if "store" in arguments:
            resealing.finish(Store(arguments.store))
        say(arguments.run(arguments, rest))
    except (queries.QueryError, warehouse.WarehouseError, LandingError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def say(text: str) -> None:
    """Print one answer."""
    sys.stdout.write(text.rstrip("\n") + "\n")


def build(arguments: argparse.Namespace, _: list[str]) -> str:
    """Build the store's warehouse."""
    maker = spark.maker(arguments.master) if arguments.engine == "spark" else building.here
    path = building.build(Store(arguments.store), say, who=arguments.by, maker=maker)
    found = warehouse.finding_table(path)
    shown = [f"  {row.source}  {row.record}: {row.en} {row.zh}" for row in found.head(FINDINGS_SHOWN).itertuples()]
    if arguments.findings:
        _write(found, arguments.findings)
        shown.append(f"  every finding: {arguments.findings}")
    elif len(found) > FINDINGS_SHOWN:
        shown.append(f"  … and {len(found) - FINDINGS_SHOWN} more; write them all with --findings CSV")
    return "\n".join([f"built {path.stem}, {len(found)} findings", *shown])


def _write(found: pd.DataFrame, path: Path) -> None:
    """Write findings for a spreadsheet: UTF-8 with its mark, and no cell that would run as a formula."""
    with keeping.writing(path):
        found.map(spreadsheet.disarmed).to_csv(path, index=False, encoding="utf-8-sig")


def listing_builds(arguments: argparse.Namespace, _: list[str]) -> str:
    """List the store's builds, the latest first; the one that is served has a star."""
    found = builds.every(Store(arguments.store))
    return "\n".join(map(_build_line, found)) or f"There is no build in {arguments.store} yet."


def _build_line(build: builds.Build) -> str:
    told = [f"{build.size / MEGABYTE:.1f} MB"]
    told += [f"data to {month.text(build.month)}"] if build.month else []
    told += [f"of batches {' '.join(build.batches)}"] if build.batches else []
    told += [] if build.fits else ["of another version of the program" if build.whole else "damaged"]
    return (
        f"{'*' if build.served else ' '} {build.id}  {build.made[:19]}Z  {build.who or '?'}  {', '.join(told)}".rstrip()
    )


def verify(arguments: argparse.Namespace, _: list[str]) -> str:
    """Hash every build and what has landed anew, and list the builds, a star at that to be served; 2 if damaged."""
    store = Store(arguments.store)
    chosen = warehouse.chosen(store)
    paths = sorted({*store.warehouse.glob("*.duckdb"), *filter(None, [chosen])})
    found = {path: builds.condition(path) for path in paths}
    lines = [f"{'*' if path == chosen else ' '} {path.stem}  {told}" for path, told in found.items()]
    if not {builds.DAMAGED, builds.GONE}.isdisjoint(found.values()):
        mend = (
            "`python -m queries build` makes the build of what has landed anew; of another one that is damaged, delete"
            " the file or take it from a backup."
        )
        raise warehouse.WarehouseError("\n".join([*lines, mend]))
    store.manifest().verify()
    return "\n".join(lines) or f"There is no build in {arguments.store} yet."


def prune(arguments: argparse.Namespace, _: list[str]) -> str:
    """Delete the builds that nobody needs any more, and say which; the last ones stay, as builds_kept says."""
    store = Store(arguments.store)
    if arguments.tell:
        going = pruning.superfluous(store, warehouse.chosen(store), warehouse.newest(store))
        return "\n".join(f"would go: {path.stem}" for path in going) or "No build would go."
    return "\n".join(f"deleted: {path.stem}" for path in building.prune(store)) or "No build is to go."


def serve(arguments: argparse.Namespace, _: list[str]) -> str:
    """Serve a build from now on, until another is made or served."""
    path = builds.serve(Store(arguments.store), arguments.build, arguments.by)
    return f"served: {path.stem}"


def listing(_: argparse.Namespace, __: list[str]) -> str:
    """List every question with what it asks."""
    return "\n".join(f"{name:24} {queries.load(name).asks}" for name in queries.names())


def show(arguments: argparse.Namespace, _: list[str]) -> str:
    """Show a question's file."""
    queries.load(arguments.name)
    return (queries.ROOM / f"{arguments.name}.sql").read_text(encoding="utf-8")


def ask(arguments: argparse.Namespace, rest: list[str]) -> str:
    """Ask a question and write its rows."""
    path = warehouse.newest(Store(arguments.store))
    if path is None:
        message = f"There is no build in {arguments.store} yet; make one with `python -m queries build`."
        raise warehouse.WarehouseError(message)
    opened = warehouse.open_for(path, LOCAL)
    answer = opened.ask(arguments.name, **_parameters(queries.load(arguments.name), rest, opened.data_month))
    if answer.names_people:
        given = ", ".join(f"{name} = {value}" for name, value in answer.parameters.items() if value is not None)
        told = {"build": answer.build_id, "given": given, "rows": len(answer.table)}
        TRAIL.enter(Store(arguments.store), "listed", history.whoever_runs_this(), answer.query.name, **told)
    return FORMATS[arguments.format](answer, _sources(opened, answer))


def as_table(answer: warehouse.Answer, _: list[str]) -> str:
    """Rows aligned for reading, months as 2026-10."""
    return _readable(answer.table).to_string(index=False, na_rep="")


def as_csv(answer: warehouse.Answer, _: list[str]) -> str:
    """Rows as comma-separated text, no cell of which a spreadsheet would run."""
    return str(answer.table.apply(_disarmed).to_csv(index=False, lineterminator="\n"))


def as_json(answer: warehouse.Answer, sources: list[str]) -> str:
    """Rows with what they mean: the question, its parameters, the build and the source clauses."""
    rows = json.loads(answer.table.to_json(orient="records", force_ascii=False))
    told = {
        "question": answer.query.name,
        "asks": answer.query.asks,
        "definition": queries.DEFINITION,
        "columns": {column.name: column.meaning for column in answer.query.columns},
        "parameters": answer.parameters,
        "build": answer.build_id,
        "data_month": answer.data_month,
        "sources": sources,
        "rows": rows,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


FORMATS = {"table": as_table, "csv": as_csv, "json": as_json}


def _sources(opened: warehouse.Warehouse, answer: warehouse.Answer) -> list[str]:
    """Name what the answer rests on: what its rows cite, else the targets that they or the question are about."""
    table = answer.table
    if "document" not in table:
        if not TARGETS.intersection(answer.query.reads):
            return []
        table = _scheme(opened, answer)
    parts = [table[name] for name in ("document", "clause") if name in table]
    cited = pd.concat(parts, axis=1).dropna(how="all").drop_duplicates()
    return ["：".join(part for part in row if pd.notna(part)) for row in cited.itertuples(index=False)]


def _scheme(opened: warehouse.Warehouse, answer: warehouse.Answer) -> pd.DataFrame:
    """The targets that an answer is about, as they stood in the months asked for."""
    asked = answer.parameters
    until = asked.get("until") or asked.get("as_of") or opened.data_month
    span = {"since": asked.get("since") or asked.get("as_of") or until, "until": until}
    scheme = opened.ask("roster/targets", **span, target=asked.get("target")).table
    if "target_id" not in answer.table:
        return scheme
    return scheme[scheme["target_id"].isin(set(answer.table["target_id"]))]


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    shown = table.copy()
    for column in shown.columns:
        if column == "month" or column.endswith("_month"):
            shown[column] = ["" if pd.isna(value) else month.text(int(value)) for value in shown[column]]
    return shown


def _disarmed(column: "pd.Series[Any]") -> "pd.Series[Any]":
    return column if pd.api.types.is_numeric_dtype(column) else column.map(spreadsheet.disarmed)


def _parameters(query: queries.Query, words: list[str], data_month: int) -> dict[str, Any]:
    """Read `--as-of 2026-10` and its like; a month left out is the data month."""
    given: dict[str, Any] = {name: data_month for name in warehouse.MONTHS if name in {p.name for p in query.takes}}
    pairs = iter(words)
    for word in pairs:
        value = next(pairs, None)
        if not word.startswith("--") or value is None:
            message = f"{word!r} is not understood; write parameters as --name value."
            raise queries.QueryError(message)
        name = word[2:].replace("-", "_")
        given[name] = warehouse.typed(name, value)
    return given


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m queries", description=__doc__, allow_abbrev=False)
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument("--store", type=Path, default=default_store().root, help="folder with the data (data/store)")
    commands = parser.add_subparsers(required=True, metavar="command")
    made = _command(commands, "build", build, store)
    made.add_argument("--findings", type=Path, metavar="CSV", help="write every finding to this file")
    made.add_argument("--engine", choices=ENGINES, default="duckdb", help="what runs the statements")
    made.add_argument("--master", metavar="URL", default="local[*]", help="Spark's, as spark://host:7077")
    _command(commands, "builds", listing_builds, store)
    _command(commands, "verify", verify, store)
    pruned = _command(commands, "prune", prune, store)
    pruned.add_argument("--tell", action="store_true", help="only say which would go")
    serving = _command(commands, "serve", serve, store)
    serving.add_argument("build", metavar="BUILD", help="its name, as builds lists it")
    for done in (made, serving):
        done.add_argument("--by", default="", metavar="NAME", help="who does it, where not the user of this computer")
    _command(commands, "list", listing, store)
    _command(commands, "show", show, store).add_argument("name")
    asking = _command(commands, "ask", ask, store)
    asking.add_argument("name")
    asking.add_argument("--format", choices=FORMATS, default="table")
    return parser


def _command(commands: Any, name: str, run: Any, store: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=run.__doc__, description=run.__doc__, parents=[store], allow_abbrev=False
    )
    command.set_defaults(run=run)
    return command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
