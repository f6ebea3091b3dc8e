"""What leaves the screen, without it: python -m pages brief TEMPLATE --as-of M --lang zh|en --as VIEWER --out FILE."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import queries
from data import month
from data.access import LOCAL
from data.store import Store, default_store
from pages.parts import answers, briefing, printed, words
from pages.parts.briefing import BriefingError
from pages.parts.scenes import Scenes
from queries import warehouse

LANGUAGES = {"zh": "zh_CN", "en": "en"}
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
    if out.suffix not in printed.PRINTED:
        message = f"{out} ends in none of {', '.join(printed.PRINTED)}, by which the kind of file is chosen."
        raise BriefingError(message)
    os.environ["CADRE_STORE"] = str(given.store.root)
    here = answers.reader(given.store, printed.viewer(given.store, given.viewer), words.of(LANGUAGES[given.lang]))
    as_of = month.parse(given.as_of) if given.as_of else here.data_month
    made = briefing.made(known[given.template], Scenes(here, as_of))
    out.write_bytes(printed.PRINTED[out.suffix](made))
    sys.stdout.write(f"Wrote {out}: {len(made.leaves)} figures of build {here.build_id}.\n")
    for each in made.left_out:
        sys.stdout.write(f"Left out: {each}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pages", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    brief = verbs.add_parser("brief", help="print a briefing from a template as slides or as a workbook")
    brief.add_argument("template", help=", ".join(briefing.templates()))
    brief.add_argument("--as-of", help="the month it is about, 2026-10; the data month where it is not said")
    brief.add_argument("--lang", choices=list(LANGUAGES), default="zh")
    brief.add_argument(
        "--as", dest="viewer", default=LOCAL.name, help=f"{', '.join(printed.VIEWERS)}, or a unit's code"
    )
    brief.add_argument("--out", type=Path, required=True, help=f"a file that ends in {' or '.join(printed.PRINTED)}")
    brief.add_argument("--store", type=lambda path: Store(Path(path)), default=default_store())
    return parser


if __name__ == "__main__":
    sys.exit(main())
