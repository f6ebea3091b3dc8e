"""What leaves the screen, without it: python -m pages brief TEMPLATE --as-of M --lang zh|en --as VIEWER --out FILE."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import queries
from data import month
from data.access import EVERY_UNIT, LOCAL, Viewer
from data.store import Store, default_store
from pages.parts import briefing, look, sheets, slides, words
from pages.parts.answers import Here
from pages.parts.briefing import Briefing, BriefingError
from pages.parts.scenes import Scenes
from queries import warehouse

LANGUAGES = {"zh": "zh_CN", "en": "en"}
VIEWERS = {LOCAL.name: LOCAL, "reader": Viewer("reader", (EVERY_UNIT,))}
"""Whom a briefing is rendered for: who sees everything, and who sees no names; a unit's code opens that unit alone."""
PRINTED: dict[str, Callable[[Briefing], bytes]] = {".pptx": slides.deck, ".xlsx": sheets.of_briefing}
UNUSABLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 where the file was written, 2 where it cannot be, with a sentence saying why."""
    given = _parser().parse_args(arguments)
    try:
        _brief(given)
    except (OSError, ValueError, queries.QueryError, warehouse.WarehouseError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    return 0


def _brief(given: argparse.Namespace) -> None:
    known = briefing.templates()
    if given.template not in known:
        message = f"There is no template {given.template}; there are {', '.join(known)}."
        raise BriefingError(message)
    out: Path = given.out
    if out.suffix not in PRINTED:
        message = f"{out} ends in none of {', '.join(PRINTED)}, by which the kind of file is chosen."
        raise BriefingError(message)
    os.environ["CADRE_STORE"] = str(given.store.root)
    here = reader(given.store, viewer(given.store, given.viewer), given.lang)
    as_of = month.parse(given.as_of) if given.as_of else here.data_month
    made = briefing.made(known[given.template], Scenes(here, as_of))
    out.write_bytes(PRINTED[out.suffix](made))
    sys.stdout.write(f"Wrote {out}: {len(made.leaves)} figures of build {here.build_id}.\n")
    for each in made.left_out:
        sys.stdout.write(f"Left out: {each}\n")


def viewer(store: Store, name: str) -> Viewer:
    """Give whom a briefing is rendered for, by a name of VIEWERS or a unit's code; BriefingError for anyone else."""
    if name in VIEWERS:
        return VIEWERS[name]
    try:
        reader(store, LOCAL, "en").ask("roster/units", unit=name)
    except queries.QueryError as error:
        message = f"There is no viewer {name}: name {', '.join(VIEWERS)} or the code of a unit."
        raise BriefingError(message) from error
    return Viewer(name, (name,))


def reader(store: Store, viewer: Viewer, language: str) -> Here:
    """Give somebody who reads the newest build of a store; WarehouseError where there is none."""
    build = warehouse.newest(store)
    if build is None:
        message = "There is no build to show yet; land data and use `python -m queries build`."
        raise warehouse.WarehouseError(message)
    opened = warehouse.open_for(build, viewer)
    return Here(build, viewer, words.of(LANGUAGES[language]), look.LIGHT, opened.build_id, opened.data_month)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pages", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    brief = verbs.add_parser("brief", help="print a briefing from a template as slides or as a workbook")
    brief.add_argument("template", help=", ".join(briefing.templates()))
    brief.add_argument("--as-of", help="the month it is about, 2026-10; the data month where it is not said")
    brief.add_argument("--lang", choices=list(LANGUAGES), default="zh")
    brief.add_argument("--as", dest="viewer", default=LOCAL.name, help=f"{', '.join(VIEWERS)}, or a unit's code")
    brief.add_argument("--out", type=Path, required=True, help=f"a file that ends in {' or '.join(PRINTED)}")
    brief.add_argument("--store", type=lambda path: Store(Path(path)), default=default_store())
    return parser


if __name__ == "__main__":
    sys.exit(main())
