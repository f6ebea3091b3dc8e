"""What the project runs on: every file of it known by its hash, and nothing known against it."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from tests import advisories
from tests.advisories import Advisories
from tests.server import HOUSE

LOCK = "requirements.txt and requirements.lock differ; use `make lock`"
LOCKED = re.compile(r"^(\S+==\S+)(?: ; (.+?))? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
DAY = dt.date(2026, 11, 22)
GNU = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fixed_in": ["2.1", "3.0"], "summary": "Runs what it reads."}
FOUND = {**GNU, "details": "More of that.", "withdrawn": None, "link": "", "source": "osv"}


def locked(path: Path) -> dict[str, int]:
    """How many hashes the lock holds for each requirement, written "name==version ; marker"."""
    hashes: dict[str, int] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if found := LOCKED.match(line):
            name = found[1] + (f" ; {found[2]}" if found[2] else "")
            hashes[name] = 0
        else:
            assert HASH.match(line), line
            hashes[name] += 1
    return hashes


def asked_for(path: Path) -> set[str]:
    """The requirements of a file, written as the lock writes them."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    found = (line.partition("==") for line in lines if line)
    return {re.sub(r"[-_.]+", "-", name).lower() + "==" + rest.replace('"', "'") for name, _, rest in found}


@pytest.mark.promise("packages.pinned")
@pytest.mark.parametrize("path", advisories.REQUIREMENTS, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_every_pinned_version_is_locked_with_the_hashes_of_its_files(path: Path) -> None:
    hashes = locked(path.with_suffix(".lock"))
    assert hashes.keys() == asked_for(path), LOCK
    assert min(hashes.values()) >= 1


@pytest.mark.promise("packages.pinned")
def test_make_installs_nothing_without_its_hash() -> None:
    installs = [line for line in (HOUSE / "Makefile").read_text(encoding="utf-8").splitlines() if "pip install" in line]
    assert len(installs) == len(advisories.REQUIREMENTS)
    assert all("--require-hashes -r" in line and line.endswith(".lock") for line in installs)


@pytest.mark.promise("packages.audited")
def test_nothing_is_known_against_what_is_pinned() -> None:
    assert advisories.flaws(advisories.read(), advisories.pins()) == []


def test_pins_are_read_as_an_index_compares_them(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text('# Asked for\nJinja2==3.1.6   # pages\nruamel.yaml_x==1.0 ; os_name != "nt"\n', encoding="utf-8")
    assert advisories.pins([file]) == ["jinja2==3.1.6", "ruamel-yaml-x==1.0"]


@pytest.mark.promise("packages.audited")
def test_what_is_known_against_a_version_is_said_with_where_it_is_mended() -> None:
    known = Advisories(DAY, {"gnu==2.0": [GNU], "emu==1.0": []}, {})
    assert advisories.flaws(known, ["gnu==2.0", "emu==1.0", "new==1.0"]) == [
        "gnu==2.0: PYSEC-2026-1 Runs what it reads. Mended in: 2.1, 3.0.",
        "new==1.0: nobody has asked yet what is known against it; use `make advisories`.",
    ]


@pytest.mark.parametrize("name", ["PYSEC-2026-1", "CVE-2026-1"])
def test_what_was_looked_at_and_accepted_is_passed_over(name: str) -> None:
    known = Advisories(DAY, {"gnu==2.0": [GNU]}, {name: "The part it concerns is not used."})
    assert advisories.flaws(known, ["gnu==2.0"]) == []


@pytest.mark.parametrize(("day", "old"), [(dt.date(2027, 1, 21), False), (dt.date(2027, 1, 22), True)])
def test_what_was_known_long_ago_is_told_as_a_warning(day: dt.date, *, old: bool) -> None:
    known = Advisories(DAY, {"gnu==2.0": None}, {})
    said = list(advisories.warnings(known, ["gnu==2.0"], day))
    assert said[0] == "gnu==2.0: the index tells nothing of this version."
    assert [line[:29] for line in said[1:]] == ["What is known is of 2026-11-22"[:29]] * old


def test_the_index_is_asked_by_version_else_by_the_newest_one() -> None:
    pages: dict[str, Any] = {
        "gnu/2.0": {"info": {"version": "2.0"}, "vulnerabilities": [FOUND, {**FOUND, "withdrawn": "2026-11-01"}]},
        "emu": {"info": {"version": "1.0"}, "vulnerabilities": []},
        "kea": {"info": {"version": "9.9"}, "vulnerabilities": [FOUND]},
        "owl": {"info": {"version": "9.9"}, "vulnerabilities": []},
    }
    before = Advisories(DAY, {"owl==1.0": [GNU]}, {"CVE-2020-1": "not used"})
    now = advisories.ask(["gnu==2.0", "emu==1.0", "kea==1.0", "owl==1.0"], before, pages.get)
    assert now.told == {"gnu==2.0": [GNU], "emu==1.0": [], "kea==1.0": None, "owl==1.0": [GNU]}
    assert now.accepted == before.accepted


@pytest.mark.promise("packages.audited")
def test_without_a_network_what_was_known_before_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    def unreachable(_: str) -> None:
        message = "no route"
        raise OSError(message)

    assert advisories.main([], unreachable) == 0
    assert "cannot be reached" in capsys.readouterr().out
    with pytest.raises(OSError, match="no route"):
        advisories.main(["--keep"], unreachable)


def test_what_the_index_tells_today_fails_the_audit(capsys: pytest.CaptureFixture[str]) -> None:
    pin = advisories.pins()[0]
    name, version = pin.split("==")
    pages = {f"{name}/{version}": {"info": {"version": version}, "vulnerabilities": [FOUND]}}
    assert advisories.main([], pages.get) == 1
    assert f"{pin}: PYSEC-2026-1" in capsys.readouterr().out


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    known = Advisories(DAY, {"gnu==2.0": [GNU], "emu==1.0": None}, {"CVE-2020-1": "没有用到"})
    advisories.write(known, tmp_path / "kept.json")
    assert advisories.read(tmp_path / "kept.json") == known
