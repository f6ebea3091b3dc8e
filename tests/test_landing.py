"""Promises of landing: every row is accounted for, and a batch is visible as a whole or not at all."""

import contextlib
import csv
import errno
import io
import itertools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import batches, checking, contract, policy
from data.batches import LandingError, batch
from data.landing import Count, land
from data.reading import ReadingError
from data.store import Store

UNITS = "单位编码,单位名称,班子类别\n1,示例市,市\n2,甲县,县（市、区）\n3,乙县,县（市、区）\n"
POSTINGS = "人员编码,单位编码,职务名称,成员类别,任职时间\nP1,1,市长,正职,2021.10\nP2,2,县长,正职,2026.03\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def units(*codes: str) -> pa.Table:
    """Units of these codes as their contract stores them."""
    rows = [{"unit_id": code, "name": f"单位{code}", "body": "other"} for code in codes]
    return pa.Table.from_pylist(rows, schema=contract.load("unit").arrow_schema)


def given_file(folder: Path, text: str, name: str = "a.csv") -> Path:
    """A file with this text."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def interrupted(store: Store) -> None:
    """A batch that is stopped after it has written."""
    with batch(store) as open_batch:
        open_batch.write("unit", units("2"))
        raise KeyboardInterrupt


def landed_codes(store: Store) -> list[str]:
    """The unit codes of all visible files, in order."""
    return [code for path in store.manifest().files("unit") for code in pq.read_table(path)["unit_id"].to_pylist()]


def test_an_empty_store_has_nothing_and_says_so(store: Store) -> None:
    manifest = store.manifest()
    assert (manifest.batches, manifest.month, manifest.files("unit"), manifest.rows("unit")) == ((), None, (), 0)


def test_chunks_written_to_a_batch_land_together(store: Store) -> None:
    with batch(store, month=202610) as open_batch:
        open_batch.write("unit", units("1"))
        open_batch.write("unit", units("2", "3"))
        assert store.manifest().batches == ()
    assert landed_codes(store) == ["1", "2", "3"]
    assert (store.manifest().month, store.manifest().rows("unit")) == (202610, 3)


def test_a_batch_that_fails_leaves_nothing(store: Store) -> None:
    with batch(store) as open_batch:
        open_batch.write("unit", units("1"))
    before = store.manifest().fingerprint
    with pytest.raises(KeyboardInterrupt):
        interrupted(store)
    assert landed_codes(store) == ["1"]
    assert store.manifest().fingerprint == before
    assert [path.name for path in store.landed.iterdir() if path.is_dir()] == ["0001"]


def test_what_a_killed_batch_left_behind_is_invisible_and_in_nobodys_way(store: Store) -> None:
    with batch(store) as open_batch:
        open_batch.write("unit", units("1"))
    shutil.copytree(store.landed / "0001", store.landed / "0002")
    (store.landed / "manifest.json.fresh").write_text("half a manif", encoding="utf-8")
    assert landed_codes(store) == ["1"]
    with batch(store) as open_batch:
        open_batch.write("unit", units("2"))
    assert landed_codes(store) == ["1", "2"]
    assert store.manifest().batches[-1].id == "0003"


class Disc:
    """A disc that fails at one touch of a store's files, or from that touch on; numbers count from 0."""

    def __init__(self) -> None:
        """Work well until told to fail."""
        self.store, self.touches, self.fails_at, self.dies = "", 0, -1, False

    def __call__(self, _: str, given: tuple[object, ...]) -> None:
        """Count a touch, as the interpreter tells it to an audit hook."""
        if self.store and any(isinstance(each, str | Path) and str(each).startswith(self.store) for each in given):
            self.touches += 1
            if self.touches - 1 == self.fails_at or (self.dies and self.touches > self.fails_at):
                raise OSError(errno.EIO, "the disc failed")

    @contextlib.contextmanager
    def failing(self, store: Store, at: int, *, dies: bool) -> Iterator[None]:
        """Fail in this block only."""
        self.store, self.touches, self.fails_at, self.dies = str(store.root), 0, at, dies
        try:
            yield
        finally:
            self.store = ""


DISC = Disc()
sys.addaudithook(DISC)
UNIT_4 = "单位编码,单位名称,班子类别\n4,丙县,县（市、区）\n5,丁县,村\n"


def written(store: Store) -> dict[str, bytes]:
    """Every file of a store, byte for byte, but the audit log, which tells of what failed too."""
    return {str(path): path.read_bytes() for path in store.root.rglob("*") if path.is_file() and path != store.audit}


def land_on_failing_disc(store: Store, path: Path, at: int, *, dies: bool) -> bool:
    """Whether the landing ended well."""
    try:
        with DISC.failing(store, at, dies=dies):
            land(store, [path])
    except (OSError, LandingError):
        return False
    return True


@pytest.mark.promise("landing.killed")
@pytest.mark.parametrize("dies", [False, True], ids=["one touch fails", "every later touch fails too"])
def test_a_disc_that_fails_at_any_touch_leaves_a_batch_landed_whole_or_not_at_all(
    tmp_path: Path, *, dies: bool
) -> None:
    first, second = given_file(tmp_path, UNITS), given_file(tmp_path, UNIT_4, "b.csv")
    for at in itertools.count():
        store = Store(tmp_path / f"store {at}")
        land(store, [first])
        before = written(store)
        went_well = land_on_failing_disc(store, second, at, dies=dies)
        landed = landed_codes(store)
        assert landed in (["1", "2", "3"], ["1", "2", "3", "4"])
        assert went_well <= (landed[-1] == "4")
        assert dies or landed[-1] == "4" or written(store) == before
        if DISC.touches <= at:
            break
        kept = written(store)
        batch_id = land(store, [second]).batch
        assert not [path for path in kept if f"/{batch_id}" in path]
        assert landed_codes(store) == [*landed, "4"]
        assert {path for path, content in kept.items() if written(store).get(path) != content} <= {
            str(store.manifest_path),
        }
    assert at > 12


def test_an_id_whose_files_are_still_there_is_not_given_again(store: Store, tmp_path: Path) -> None:
    path = given_file(tmp_path, UNITS)
    for left in (store.inbox / "0003", store.landed / "0002"):
        left.mkdir(parents=True)
    store.findings.mkdir()
    store.findings_of("0007").write_text("", encoding="utf-8")
    assert land(store, [path]).batch == "0008"


def test_a_replacing_batch_replaces_its_own_sources_only(store: Store, tmp_path: Path) -> None:
    land(store, [given_file(tmp_path, UNITS), given_file(tmp_path, POSTINGS, "b.csv")])
    with batch(store, replace=True) as open_batch:
        open_batch.write("unit", units("9"))
    assert landed_codes(store) == ["9"]
    assert store.manifest().rows("posting") == 2


def test_a_table_that_is_not_its_contract_is_refused(store: Store) -> None:
    with pytest.raises(LandingError, match="unit needs the columns"), batch(store) as open_batch:
        open_batch.write("unit", pa.table({"unit_id": ["1"]}))
    with pytest.raises(LandingError, match="does not fit"), batch(store) as open_batch:
        open_batch.write("unit", units("1").set_column(5, "approved_chiefs", pa.array(["many"])))


def test_the_fingerprint_depends_on_content_alone(tmp_path: Path) -> None:
    prints = []
    for name in ("here", "there"):
        store = Store(tmp_path / name)
        with batch(store, month=202610) as open_batch:
            open_batch.write("unit", units("1"))
        prints.append(store.manifest().fingerprint)
    shutil.copytree(tmp_path / "here", tmp_path / "copy")
    prints.append(Store(tmp_path / "copy").manifest().fingerprint)
    assert len(set(prints)) == 1


def test_the_fingerprint_changes_with_a_row_a_month_and_the_order(tmp_path: Path) -> None:
    prints = set()
    for name, month, codes in (("a", 202610, "12"), ("b", 202611, "12"), ("c", 202610, "13"), ("d", 202610, "21")):
        store = Store(tmp_path / name)
        for code in codes:
            with batch(store, month=month) as open_batch:
                open_batch.write("unit", units(code))
        prints.add(store.manifest().fingerprint)
    assert len(prints) == 4


def test_two_who_land_at_once_both_land(store: Store) -> None:
    with batch(store) as first, batch(store) as second:
        first.write("unit", units("1"))
        second.write("unit", units("2"))
    assert sorted(landed_codes(store)) == ["1", "2"]


def test_a_commit_waits_for_another_and_says_so_when_it_takes_too_long(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LOCK_SECONDS", 0.1)
    store.root.mkdir()
    with (
        batches.locked(store),
        pytest.raises(LandingError, match="Another batch is landing"),
        batch(store) as open_batch,
    ):
        open_batch.write("unit", units("1"))
    assert landed_codes(store) == []


def test_good_rows_land_and_bad_rows_are_found_in_a_file_excel_opens(store: Store, tmp_path: Path) -> None:
    path = given_file(tmp_path, UNITS + "4,丙县,村\n,丁县,市\n")
    report = land(store, [path])
    assert report.counts == (Count("a.csv", "", "unit", 5, 3, 2),)
    assert str(report.counts[0]) == "unit  a.csv  5 rows in = 3 landed + 2 rejected"
    assert landed_codes(store) == ["1", "2", "3"]
    written = (store.findings / "0001.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert [(row["row"], row["column"], row["value"]) for row in found] == [
        ("5", "班子类别", "村"),
        ("6", "单位编码", ""),
    ]


def test_a_finding_can_not_smuggle_a_formula_into_a_spreadsheet(store: Store, tmp_path: Path) -> None:
    land(store, [given_file(tmp_path, UNITS + "4,丙县,=1+1\n")])
    assert "'=1+1" in (store.findings / "0001.csv").read_text(encoding="utf-8-sig")


def test_the_received_files_are_kept_even_where_two_have_one_name(store: Store, tmp_path: Path) -> None:
    land(store, [given_file(tmp_path / "a", UNITS), given_file(tmp_path / "b", POSTINGS)])
    assert (store.inbox / "0001" / "a.csv").read_text(encoding="utf-8") == UNITS
    assert (store.inbox / "0001" / "2-a.csv").read_text(encoding="utf-8") == POSTINGS


def test_one_key_in_two_files_of_a_batch_lands_once(store: Store, tmp_path: Path) -> None:
    report = land(store, [given_file(tmp_path, UNITS), given_file(tmp_path, UNITS, "b.csv")])
    assert [(count.landed, count.rejected) for count in report.counts] == [(3, 0), (0, 3)]
    assert {finding.file for finding in report.findings} == {"b.csv"}


def test_the_data_month_is_the_latest_start_or_the_one_asked_for(store: Store, tmp_path: Path) -> None:
    postings = given_file(tmp_path, POSTINGS)
    assert land(store, [postings]).month == 202603
    assert land(store, [postings], month=202610).month == 202610
    assert land(store, [given_file(tmp_path, UNITS, "u.csv")]).month == 202610
    assert land(store, [postings], replace=True).month == 202603


def test_a_start_that_has_not_come_is_kept_out_unless_people_say_the_data_month(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.month.now", lambda: 202611)
    given = POSTINGS + "P3,3,副县长,副职,2026.11\nP4,3,副县长,副职,2026.12\nP5,3,副县长,副职,2099.03\n"
    report = land(store, [given_file(tmp_path, given)])
    assert (report.landed, report.rejected, report.month) == (3, 2, 202611)
    assert [(each.row, each.column, each.value, each.severity) for each in report.findings] == [
        (5, "任职时间", "2026.12", "error"), (6, "任职时间", "2099.03", "error")
    ]  # fmt: skip
    assert "请指定数据月份" in report.findings[0].mend_zh
    asked = land(store, [given_file(tmp_path, given)], month=202610)
    assert (asked.landed, asked.rejected, asked.month) == (5, 0, 202610)
    assert [(each.row, each.severity) for each in asked.findings] == [(4, "warning"), (5, "warning"), (6, "warning")]
    assert {each.problem_zh for each in asked.findings} == {checking.AFTER_STATED.problem_zh}


@pytest.mark.parametrize(
    "title", ["截至2026年10月", "（截止到２０２６．１０．３１）", "计算年龄时间：2026-10", "年龄截至 2026年 10 月"]
)
def test_a_start_after_the_month_that_the_title_names_lands_and_does_not_move_the_data_month(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    monkeypatch.setattr("data.month.now", lambda: 202703)
    report = land(store, [given_file(tmp_path, f"职务表,{title},,,\n{POSTINGS}P3,3,副县长,副职,2027.02\n")])
    assert (report.landed, report.rejected, report.month) == (3, 0, 202603)
    assert [(each.row, each.value, each.problem_zh) for each in report.findings] == [
        (5, "2027.02", checking.AFTER_STATED.problem_zh)
    ]


def test_a_month_in_a_title_that_has_not_come_is_not_believed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.month.now", lambda: 202611)
    given = f"截至2099年10月,,,,\n{POSTINGS}P3,3,副县长,副职,2098.02\n"
    report = land(store, [given_file(tmp_path, given)])
    assert (report.landed, report.rejected, report.month) == (2, 1, 202603)


def test_nothing_good_leaves_the_store_as_it_was(store: Store, tmp_path: Path) -> None:
    land(store, [given_file(tmp_path, UNITS)])
    report = land(store, [given_file(tmp_path, "单位编码,单位名称,班子类别\n7,x,村\n", "b.csv")], replace=True)
    assert (report.landed, report.rejected) == (0, 1)
    assert landed_codes(store) == ["1", "2", "3"]


def test_a_file_that_no_contract_knows_lands_nothing_of_its_batch(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"b\.csv holds nothing that any contract knows"):
        land(store, [given_file(tmp_path, UNITS), given_file(tmp_path, "x,y\n1,2\n", "b.csv")])
    assert store.manifest().batches == ()


@pytest.mark.promise("rows.accounted")
def test_a_count_that_loses_a_row_is_an_error() -> None:
    with pytest.raises(LandingError, match="3 rows in are not 1 landed and 1 rejected"):
        Count("a.csv", "", "unit", 3, 1, 1)


CELL = st.sampled_from(["", "1", "2", "市", "村", "x", " ", "=1", '"', "1\n2", "\ufeff", "１", "甲，乙"]) | st.text(
    st.characters(codec="utf-8", exclude_characters="\r"), max_size=5
)


@pytest.mark.promise("rows.accounted")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELL, min_size=3, max_size=4), max_size=8))
def test_rows_in_are_landed_and_rejected_whatever_is_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    path = folder / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["单位编码", "单位名称", "班子类别"], *rows])
    report = land(Store(folder / "store"), [path])
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    assert [count.rows_in for count in report.counts] == [filled]
    assert report.landed == len(landed_codes(Store(folder / "store")))
    assert report.landed + report.rejected == filled


@pytest.mark.parametrize("name", policy.names())
def test_every_policy_table_is_in_order(name: str) -> None:
    table = policy.read(name)
    assert table.schema == contract.load(name).arrow_schema
    assert table.num_rows > 0


def test_a_policy_table_with_anything_wrong_is_refused_whole(tmp_path: Path) -> None:
    shutil.copytree(policy.FOLDER, tmp_path / "policy")
    path = tmp_path / "policy" / "age_target.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",20%,", ",a fifth,", 1), encoding="utf-8")
    with pytest.raises(policy.PolicyError, match=r"age_target\.csv, row 2, value = 'a fifth'"):
        policy.all_tables(tmp_path / "policy")
    with pytest.raises(policy.PolicyError, match="no file"):
        policy.read("retirement", tmp_path)


def test_an_invented_city_gives_way_to_the_first_real_file(store: Store, tmp_path: Path) -> None:
    with batch(store, month=203001, invented=True) as invented:
        invented.write("unit", units("9"))
    land(store, [given_file(tmp_path, UNITS)])
    assert landed_codes(store) == ["1", "2", "3"]
    assert store.manifest().month is None


def test_no_city_is_invented_where_real_data_have_landed(store: Store, tmp_path: Path) -> None:
    land(store, [given_file(tmp_path, UNITS)])
    with pytest.raises(LandingError, match="holds real data"), batch(store, invented=True):
        pass
    assert landed_codes(store) == ["1", "2", "3"]
