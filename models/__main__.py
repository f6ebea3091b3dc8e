"""The models from the command line: `python -m models retire 1970-05 --line 60`."""

import argparse
import sys
from collections.abc import Sequence

from data import month
from models import retirement

REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one command; 2 and a sentence on stderr where it cannot be answered."""
    given = _parser().parse_args(arguments)
    try:
        _say(_retire(given.birth, given.line))
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
    return parser


def _retire(birth: str, line: int) -> str:
    born = month.parse(birth)
    reached = retirement.retirement_month(born, retirement.rule_for(line))
    if reached is None:
        known = ", ".join(map(str, sorted(retirement.published_rules())))
        message = (
            f"No formula is published for the age limit {line}; give one of {known}, or use the month in the file."
        )
        raise ValueError(message)
    return f"{month.text(reached)} {retirement.Age.at(reached, born)}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
