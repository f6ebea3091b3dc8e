"""What leaves the screen, without it: briefings printed, endorsed, listed, rendered again and withdrawn.

python -m pages brief TEMPLATE --as-of M --lang zh|en --as VIEWER --out FILE
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import queries
from data import audit, endorsed, history, month
from data.access import LOCAL
from data.endorsed import EndorsedError
from data.store import Store, default_store
from pages.parts import answers, briefing, chosen, endorsing, handed, numerals, press, printed, recipients, words
from pages.parts.answers import Here
from pages.parts.briefing import BriefingError
from pages.parts.press import Order
from queries import warehouse

LANGUAGES = {"zh": "zh_CN", "en": "en"}
LAST = "last"
DONE, DIFFERS, UNUSABLE = 0, 1, 2
Verb = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 where it is done, 1 where a briefing is not rendered as it was, 2 with a sentence else."""
    given = _parser().parse_args(arguments)
    os.environ["CADRE_STORE"] = str(given.store.root)
    verb: Verb = given.verb
    try:
        return verb(given)
    except (OSError, ValueError, queries.QueryError, warehouse.WarehouseError, EndorsedError) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE


def _brief(given: argparse.Namespace) -> int:
    out: Path = given.out
    if out.suffix not in printed.PRINTED:
        message = f"{out} ends in none of {', '.join(printed.PRINTED)}, by which the kind of file is chosen."
        raise BriefingError(message)
    done = press.carried_out(_order(given), [out.suffix])
    content, build = done.files[out.suffix], done.briefing.here.build_id
    told = {
        "build": build,
        "template": given.template,
        "rendered_for": given.viewer,
        "names": briefing.named(done.briefing),
    }
    audit.note(given.store, handed.EXPORTED, history.whoever_runs_this(), out.name, **handed.facts(content), **told)
    out.write_bytes(content)
    _tell(f"Wrote {out}: {len(done.briefing.leaves)} figures of build {done.briefing.here.build_id}.")
    for each in done.briefing.left_out:
        _tell(f"Left out: {each}")
    return DONE


def _endorse(given: argparse.Namespace) -> int:
    order = _order(given)
    record = endorsing.endorse(order, press.carried_out(order, tuple(printed.OWN)), given.by)
    _tell(f"Endorsed as {record.id}: {given.store.briefings / record.id}")
    return DONE


def _list(given: argparse.Namespace) -> int:
    for record in recipients.visible(given.store, _here(given)):
        state = f"withdrawn {numerals.moment(record.withdrawn)} by {record.withdrawn_by}" if record.withdrawn else ""
        told = (record.id, record.title, month.text(record.as_of), record.language, record.viewer, record.build)
        _tell("  ".join(filter(None, (*told, numerals.moment(record.endorsed), record.who, state))))
    return DONE


def _again(given: argparse.Namespace) -> int:
    found = endorsing.again(given.store, given.id)
    if found.same:
        _tell(f"{given.id} is rendered the same, bit for bit, from build {found.record.build}.")
        return DONE
    by = "the same version" if found.same_version else "another version"
    _tell(f"{given.id} is rendered otherwise by {by} of the program: {', '.join(found.files)}.")
    if not found.same_test:
        _tell("The back-test of the build has been made since, and widens what is told of the outlook.")
    for title in found.figures:
        _tell(f"Other numbers: {title}")
    return DIFFERS


def _withdraw(given: argparse.Namespace) -> int:
    endorsed.withdraw(given.store, given.id, who=given.by, reason=given.reason)
    _tell(f"Withdrew {given.id}; its folder stays.")
    return DONE


def _order(given: argparse.Namespace) -> Order:
    here = _here(given)
    template = chosen.named(given.store, given.template)
    since = given.since or ""
    if since == LAST:
        before = recipients.last(recipients.visible(given.store, here), template.name)
        since = before.id if before else ""
    as_of = month.parse(given.as_of) if given.as_of else here.data_month
    return Order(given.store, here, template.name, chosen.text(template), as_of, since)


def _here(given: argparse.Namespace) -> Here:
    language = words.of(LANGUAGES[getattr(given, "lang", "zh")])
    return answers.reader(given.store, printed.viewer(given.store, given.viewer), language)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pages", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    brief = _verb(verbs, "brief", "print a briefing from a template", _brief)
    _add_order(brief)
    brief.add_argument("--out", type=Path, required=True, help=f"a file that ends in {' or '.join(printed.PRINTED)}")
    endorse = _verb(verbs, "endorse", "print a briefing as everything it can be, and keep it unchanged", _endorse)
    _add_order(endorse)
    _add_who(endorse)
    briefings = _verb(verbs, "briefings", "list the endorsed briefings, the latest first", _list)
    _add_viewer(briefings)
    again = _verb(verbs, "again", "render an endorsed briefing again and compare it, 1 where it differs", _again)
    again.add_argument("id")
    withdraw = _verb(verbs, "withdraw", "mark an endorsed briefing as withdrawn; it stays", _withdraw)
    withdraw.add_argument("id")
    _add_who(withdraw)
    withdraw.add_argument("--reason", default="", help="why")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str, verb: Verb
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=about)
    parser.set_defaults(verb=verb)
    parser.add_argument("--store", type=lambda path: Store(Path(path)), default=default_store())
    return parser


def _add_order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("template", help=f"{', '.join(briefing.templates())}, or one made on the page")
    parser.add_argument("--as-of", help="the month it is about, 2026-10; the data month where it is not said")
    parser.add_argument("--lang", choices=list(LANGUAGES), default="zh")
    parser.add_argument("--since", help=f"tell first what changed since an endorsed briefing: its number, or {LAST}")
    _add_viewer(parser)


def _add_viewer(parser: argparse.ArgumentParser) -> None:
    known = ", ".join(printed.VIEWERS)
    parser.add_argument(
        "--as", dest="viewer", default=LOCAL.name, help=f"{known}, a login that was let in, or a unit's code"
    )


def _add_who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", default=history.whoever_runs_this(), help="who does it")


if __name__ == "__main__":
    sys.exit(main())
