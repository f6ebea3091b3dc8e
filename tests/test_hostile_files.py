"""Files that were made to do harm: what unpacks without end, points elsewhere or goes by a name that tricks."""

import io
import re
import stat
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from data import bundle, lrmx, reading
from data.landing import Report, examine
from data.reading import ReadingError
from data.store import Store
from pages.parts import desk
from tests import forms, sheets
from tests.forms import id_number, person

pytestmark = pytest.mark.promise("files.hostile")

FORM = forms.lrmx(person())
SECRET = "样本机密"  # noqa: S105 - a word that stands in a file of this machine
SECONDS = 10.0
"""What any of these files may take; read through it would take minutes, or all memory."""
LAUGHS = "".join(
    ['<!DOCTYPE x [<!ENTITY a0 "ha">', *(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10)), "]>"]
)
PEOPLE = sheets.roster(sheets.row(1, "赵样甲", id_number()), sheets.row(2, "钱样乙", id_number("19790525", "002")))
Parts = dict[str, bytes]


def looked(tmp_path: Path, *files: Path) -> Report:
    """What would become of files, without a store."""
    return examine(list(files), store=Store(tmp_path / "store"))


def members(report: Report) -> tuple[int, int, int]:
    """How many people stood in the files, would land and would not."""
    (count,) = [count for count in report.counts if count.source == "member"]
    return count.rows_in, count.landed, count.rejected


def problems(report: Report) -> set[str]:
    """What was found wrong."""
    return {finding.problem_en for finding in report.findings}


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    """Make a zip of members, each by its name or all that a zip tells of it."""

    def made(*packed: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in packed:
                file.writestr(name, content)
        return path

    return made


# --- archives -------------------------------------------------------------------------------------------------------


def test_an_archive_in_an_archive_is_left_unread(tmp_path: Path, archive: Callable[..., Path]) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
        for at in range(20):
            file.writestr(f"{at}.zip", bytes(10**6))
    report = looked(tmp_path, archive(("a.zip", inner.getvalue()), ("a.lrmx", FORM)))
    assert members(report) == (1, 1, 0)
    assert bundle.NOT_READ.problem_en in problems(report)


def test_one_content_told_of_many_times_counts_each_time(
    tmp_path: Path, archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(("a.lrmx", FORM))
    with zipfile.ZipFile(path, "a") as file:
        (only,) = file.filelist
        file.filelist += [only] * 50
        file.comment = b"written anew, with a directory of what overlaps"
    monkeypatch.setattr(bundle, "MOST_UNPACKED", 30 * len(FORM))
    with pytest.raises(ReadingError, match="send it in parts"):
        looked(tmp_path, path)


@pytest.mark.parametrize("told", [0, 1, 2**31, 2**32 - 2])
def test_a_member_that_lies_about_its_size_is_one_file_less(
    tmp_path: Path, archive: Callable[..., Path], told: int
) -> None:
    path = archive(("a.lrmx", FORM), ("b.lrmx", FORM.replace("赵样甲".encode(), "钱样乙".encode())))
    content = path.read_bytes()
    place = content.index(b"PK\x01\x02") + 24
    path.write_bytes(content[:place] + told.to_bytes(4, "little") + content[place + 4 :])
    rows_in, landed, rejected = members(looked(tmp_path, path))
    assert (rows_in, landed + rejected) == (2, 2)
    assert landed <= 1 or told == 2


def test_a_link_in_an_archive_leads_nowhere(tmp_path: Path, archive: Callable[..., Path]) -> None:
    secret = tmp_path / "secret.lrmx"
    secret.write_bytes(FORM.replace("赵样甲".encode(), SECRET.encode()))
    link = zipfile.ZipInfo("link.lrmx")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    report = looked(tmp_path, archive((link, str(secret).encode())))
    assert members(report) == (1, 0, 1)
    assert SECRET not in repr(report)


@pytest.mark.parametrize(
    "name",
    [
        *("../a.lrmx", "/a.lrmx", "\\\\host\\share\\a.lrmx", "C:\\a.lrmx", "c:a.lrmx", "x/../../../a.lrmx"),
        *("....//....//a.lrmx", "a.lrmx:stream.lrmx", "CON.lrmx", "nul.lrmx", "x" * 240 + ".lrmx", "~/a.lrmx"),
        *("\u202exmrl.a.lrmx", "a\u200b.lrmx", "%2e%2e%2fa.lrmx", "$(touch a).lrmx", "a;b.lrmx", "-rf.lrmx"),
    ],
)
def test_whatever_a_member_is_called_nothing_is_written_anywhere(
    tmp_path: Path, archive: Callable[..., Path], name: str
) -> None:
    rows_in, landed, rejected = members(looked(tmp_path, archive((name, FORM))))
    assert (rows_in, landed + rejected) == (1, 1)
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"a.zip"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_two_files(tmp_path: Path, archive: Callable[..., Path]) -> None:
    other = FORM.replace("赵样甲".encode(), "钱样乙".encode())
    report = looked(tmp_path, archive(("a.lrmx", FORM), ("a.lrmx", other), ("A.LRMX", other)))
    assert members(report) == (3, 1, 2)
    assert {finding.file for finding in report.findings} == {"a.zip/a.lrmx", "a.zip/a.lrmx (2)", "a.zip/A.LRMX"}


# --- names that a browser gives -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("../../a.csv", "/etc/passwd", "C:\\Windows\\a.csv", "..", ".", "", "a/../b.csv", "a\x00.csv", "a\nb.csv"),
        *("\u202evsc.exe", "a\u2066b.csv", "x" * 500 + ".csv", "\\\\host\\a.csv", "a\t.csv", "名" * 200 + ".csv"),
    ],
)
def test_a_file_is_laid_on_the_desk_under_a_plain_name_only(name: str) -> None:
    mine = desk.Desk("nobody")
    try:
        mine.lay([(name, b"x")])
        (path,) = mine.paths
        assert path.parent == mine.folder
        assert path.read_bytes() == b"x"
        assert len(path.name.encode()) < 255
        assert not re.search(r"[\x00-\x1f/\\\u200b-\u200f\u202a-\u202e\u2066-\u2069]", path.name)
    finally:
        mine.clear()


# --- workbooks ------------------------------------------------------------------------------------------------------


def book(tmp_path: Path, change: Callable[[Parts], Parts]) -> Path:
    """A workbook of a roster with its parts changed."""
    path = sheets.xlsx(tmp_path / "book.xlsx", {"花名册": PEOPLE})
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    path.write_bytes(forms.packed(change(parts)))
    return path


def with_declaration(part: str, declared: str, reference: str) -> Callable[[Parts], Parts]:
    """Give a part an entity, and use it in every text of the part."""

    def change(parts: Parts) -> Parts:
        head, root, rest = re.match(rb"(<\?xml.*?\?>\s*)(<\w+)(.*)", parts[part], re.DOTALL).groups()  # type: ignore[union-attr]
        used = re.sub(rb">([^<>]+)</t>", f">{reference}</t>".encode(), rest)
        return parts | {part: head + declared.encode() + root + used}

    return change


PARTS = ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/styles.xml")


@pytest.mark.parametrize("part", PARTS)
def test_entities_within_entities_are_never_written_out(tmp_path: Path, part: str) -> None:
    began = time.monotonic()
    path = book(tmp_path, with_declaration(part, LAUGHS, "&a9;"))
    assert "haha" not in told_by(path)
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_fetched_from_elsewhere_into_a_workbook(tmp_path: Path, part: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    declared = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    assert SECRET not in told_by(book(tmp_path, with_declaration(part, declared, "&e;")))


def told_by(path: Path) -> str:
    """All cells of a workbook, or the sentence that refuses it."""
    try:
        return repr([column.to_pylist() for sheet in reading.sheets(path) for column in sheet.columns])
    except ReadingError as error:
        return str(error)


def test_a_workbook_that_points_elsewhere_is_read_for_what_stands_in_it(tmp_path: Path) -> None:
    plain = told_by(book(tmp_path, lambda parts: parts))
    link = b'<?xml version="1.0"?><externalLink xmlns="x"><externalBook r:id="rId1"/></externalLink>'
    relation = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="x/externalLinkPath" Target="http://192.0.2.1/a.xlsx" TargetMode="External"/>'
        b"</Relationships>"
    )
    more = {"xl/externalLinks/externalLink1.xml": link, "xl/externalLinks/_rels/externalLink1.xml.rels": relation}
    assert told_by(book(tmp_path, lambda parts: parts | more)) == plain


def test_a_dimension_that_is_claimed_and_not_there_costs_nothing(tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    plain = told_by(book(tmp_path, lambda parts: parts))

    def claimed(parts: Parts) -> Parts:
        assert b"<dimension ref=" in parts[sheet]
        return parts | {sheet: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', parts[sheet])}

    began = time.monotonic()
    said = told_by(book(tmp_path, claimed))
    assert said == plain or "reaches to row" in said
    assert time.monotonic() - began < SECONDS


def test_tags_within_tags_without_end_are_a_sentence(tmp_path: Path) -> None:
    deep = b"<x>" * 200_000
    told = told_by(
        book(tmp_path, lambda parts: parts | {PARTS[1]: parts[PARTS[1]].replace(b"<si>", b"<si>" + deep, 1)})
    )
    assert told
    with pytest.raises(lrmx.PersonnelFileError, match="nested more than"):
        lrmx.read(b"<Person>" + deep, ".lrmx")


def test_a_part_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.workbook.MOST_UNPACKED", 3_000_000)
    path = book(tmp_path, lambda parts: parts | {"xl/media/a.bin": bytes(4_000_000)})
    assert path.stat().st_size < 100_000
    assert "unpacks to more than" in told_by(path)
