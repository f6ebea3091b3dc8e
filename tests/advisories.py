"""Whether anything is known against what the project runs on: `python -m tests.advisories`, with or without a network.

What the package index tells of each pinned version is kept, with the day it was asked, in advisories.json beside this
file; `make check` asks anew where it can and judges by the newer answer, `make advisories` keeps that answer.
"""

import argparse
import datetime as dt
import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pip._internal.models.index import PyPI

from tests.server import HOUSE

SHIPPED = Path(__file__).with_suffix(".json")
REQUIREMENTS = tuple(
    HOUSE / f"{name}.txt"
    for name in ("requirements", "requirements-spark", "tests/requirements", "tests/bench/requirements")
)
TOO_OLD = dt.timedelta(days=60)
PATIENCE, AT_ONCE = 10.0, 8
PIN = re.compile(r"^([\w.-]+)==([\w.!+-]+)")


@dataclass(frozen=True, slots=True)
class Advisories:
    """What was told on a day: for each "name==version" what is known against it, None where nothing was told.

    `accepted` are advisories that were looked at and do not touch the project, each with the reason.
    """

    asked: dt.date
    told: dict[str, list[dict[str, Any]] | None]
    accepted: dict[str, str]

    def against(self, pins: Iterable[str]) -> Iterator[str]:
        """Say, a line each, what is known against some pins and is not accepted."""
        for pin in pins:
            for known in self.told.get(pin) or ():
                if not {known["id"], *known["aliases"]} & self.accepted.keys():
                    fixed = ", ".join(known["fixed_in"]) or "no release yet"
                    yield f"{pin}: {known['id']} {known['summary']} Mended in: {fixed}."


def pins(files: Iterable[Path] = REQUIREMENTS) -> list[str]:
    """Every pinned version that the project names: "name==version", names as an index compares them."""
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    found = (PIN.match(line) for line in lines)
    return sorted({f"{re.sub(r'[-_.]+', '-', each[1]).lower()}=={each[2]}" for each in found if each})


def read(file: Path = SHIPPED) -> Advisories:
    """What was kept last."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    return Advisories(dt.date.fromisoformat(kept["asked"]), kept["told"], kept["accepted"])


def write(advisories: Advisories, file: Path = SHIPPED) -> None:
    """Keep what was told."""
    kept = {"asked": f"{advisories.asked}", "accepted": advisories.accepted, "told": advisories.told}
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def ask(wanted: Iterable[str], before: Advisories, get: Callable[[str], Any]) -> Advisories:
    """Ask an index of every pin, today; of one it tells nothing of, what was told before stays.

    `get` gives the page of "name/version" or "name", None where there is none; OSError or ValueError where the index
    cannot be reached.
    """
    pinned = list(wanted)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda pin: _told(pin, get), pinned))
    told = {pin: before.told.get(pin) if new is None else new for pin, new in zip(pinned, answers, strict=True)}
    return Advisories(today(), told, before.accepted)


def _told(pin: str, get: Callable[[str], Any]) -> list[dict[str, Any]] | None:
    """Ask of one pin; an index that keeps no page a version tells of the newest one only."""
    name, version = pin.split("==")
    page = get(f"{name}/{version}") or get(name)
    if page is None or page["info"]["version"] != version:
        return None
    return [_known(each) for each in page["vulnerabilities"] if not each["withdrawn"]]


def _known(each: dict[str, Any]) -> dict[str, Any]:
    said = (each["summary"] or each["details"] or "").strip().partition("\n")[0]
    return {"id": each["id"], "aliases": each["aliases"], "fixed_in": each["fixed_in"], "summary": said}


def of_index(path: str) -> Any:
    """Give the page that pip's own index keeps of a package; None where it keeps none."""
    try:
        with urllib.request.urlopen(f"{PyPI.pypi_url}/{path}/json", timeout=PATIENCE) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        if refused.code == HTTPStatus.NOT_FOUND:
            return None
        raise


def today() -> dt.date:
    """The day it is."""
    return dt.datetime.now(dt.UTC).date()


def flaws(known: Advisories, wanted: Iterable[str]) -> list[str]:
    """What must be mended before these pins may be installed, a line each."""
    unasked = (pin for pin in wanted if pin not in known.told)
    asking = "nobody has asked yet what is known against it; use `make advisories`."
    return [*known.against(wanted), *(f"{pin}: {asking}" for pin in unasked)]


def warnings(known: Advisories, wanted: Iterable[str], day: dt.date) -> Iterator[str]:
    """What should be known of how far the judgement can be trusted, a line each."""
    for pin in wanted:
        if known.told.get(pin, []) is None:
            yield f"{pin}: the index tells nothing of this version."
    if day - known.asked > TOO_OLD:
        yield f"What is known is of {known.asked}; use `make advisories` where there is a network."


def main(arguments: list[str] | None = None, get: Callable[[str], Any] = of_index) -> int:
    """Judge the pins: 0 where nothing is known against them, 1 where something is."""
    parser = argparse.ArgumentParser(prog="python -m tests.advisories", description=main.__doc__)
    parser.add_argument("--keep", action="store_true", help="keep what the index tells today, which needs a network")
    keep = parser.parse_args(arguments).keep
    known, wanted = read(), pins()
    try:
        known = ask(wanted, known, get)
    except (OSError, ValueError) as error:
        if keep:
            raise
        say(f"The index cannot be reached, so that this is what was known before. ({error})")
    if keep:
        write(known)
    bad = flaws(known, wanted)
    for line in (*warnings(known, wanted, today()), *bad):
        say(line)
    say(f"{len(wanted)} pinned versions, {len(bad)} to mend by what was known on {known.asked}.")
    return 1 if bad else 0


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
