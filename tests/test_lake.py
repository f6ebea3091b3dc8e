"""Promises of a shared lake: every machine builds the same of it, and of what lands at once nothing is lost."""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import obstore
import pyarrow as pa
import pyarrow.parquet
import pytest

from data import audit, batches, contract, history, keeping, key, lake, sealing
from data.access import LOCAL
from data.batches import LandingError, batch
from data.landing import land
from data.resealing import seal
from data.sealing import SealError
from data.store import Batch, Store
from queries import building, builds, warehouse
from tests import bucket
from tests.conftest import CADRE, CADRE_MONTH

SECRET = "5a" * 32
ROUNDS = 4


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of S3."""
    with bucket.served() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty lake: a folder as a network gives it, or a place in a bucket."""
    monkeypatch.delenv(sealing.KEY, raising=False)
    if request.param == "folder":
        folder = tmp_path / "网络 folder"
        folder.mkdir()
        return str(folder)
    server = request.getfixturevalue("server")
    given = {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "REGION": "us-east-1", "ENDPOINT_URL": server}
    for name, value in (given | {"ALLOW_HTTP": "true"}).items():
        monkeypatch.setenv(f"AWS_{name}", value)
    name = f"lake-{secrets.token_hex(4)}"
    bucket.made(server, name)
    return f"s3://{name}/city"


@pytest.fixture
def machine(tmp_path: Path, address: str) -> Callable[[str], Store]:
    """Another machine: a store of its own that has the key of person codes and joins the lake."""

    def joined(name: str) -> Store:
        store = Store(tmp_path / name)
        first = next(tmp_path.glob(f"*/{store.key_path.name}"), None)
        if first:
            store.root.mkdir()
            shutil.copy(first, store.key_path)
        join(store, address)
        return store

    return joined


def join(store: Store, address: str) -> None:
    """Join as the command line does."""
    lake.join(store, address, lambda: key.kept(store))
    batches.pull(store)


def put(store: Store, code: str) -> None:
    """Land one unit."""
    rows = [{"unit_id": code, "name": f"单位{code}", "body": "other"}]
    with batch(store) as writer:
        writer.write("unit", pa.Table.from_pylist(rows, schema=contract.load("unit").arrow_schema))


def pulled(store: Store) -> tuple[Batch, ...]:
    """The batches that a machine knows once it has looked."""
    batches.pull(store)
    store.manifest().verify()
    return store.manifest().batches


@pytest.mark.promise("lake.same_build")
def test_what_one_machine_lands_another_builds_alike(machine: Callable[[str], Store]) -> None:
    one = machine("one")
    land(one, sorted(CADRE.glob("*.csv")), month=CADRE_MONTH)
    two = machine("two")
    assert pulled(two) == one.manifest().batches
    put(one, "900")
    paths = [building.build(store) for store in (two, one)]
    assert paths[0].name == paths[1].name
    assert [builds.condition(path) for path in paths] == [builds.WHOLE] * 2
    answers = [
        warehouse.open_for(path, LOCAL).ask(question, as_of=CADRE_MONTH).table.to_csv()
        for question in ("age_ladder/quota", "open/people")
        for path in paths
    ]
    assert len(set(answers)) == 2


def test_what_else_lies_among_the_lists_is_passed_over(machine: Callable[[str], Store]) -> None:
    one = machine("one")
    land(one, [CADRE / "unit.csv"], month=CADRE_MONTH)
    shared = lake.of(one)
    assert shared
    before = shared.newest()
    for stray in (".DS_Store", "0000009 (1).json", "0000009.json.part"):
        shared.first(f"{one.lists.name}/{stray}", b"anything")
    assert shared.newest() == before > 0


def test_a_batch_that_one_machine_withdraws_counts_nowhere(machine: Callable[[str], Store]) -> None:
    one, two = machine("one"), machine("two")
    put(one, "1")
    put(two, "2")
    batches.withdraw(two, "0001")
    assert [each.withdrawn for each in pulled(one)] == [True, False]


@pytest.mark.promise("lake.nothing_lost")
def test_of_machines_that_land_at_once_nothing_is_lost(machine: Callable[[str], Store]) -> None:
    stores = [machine(name) for name in ("one", "two", "three")]

    def landed(place: int) -> None:
        for turn in range(ROUNDS):
            put(stores[place], f"{place}{turn}")

    with ThreadPoolExecutor() as pool:
        list(pool.map(landed, range(len(stores))))
    first, *others = map(pulled, stores)
    assert all(each == first for each in others)
    assert len({each.id for each in first}) == len(first) == len(stores) * ROUNDS
    codes = [row for path in stores[0].manifest().files("unit") for row in read(path)]
    assert sorted(codes) == sorted(f"{place}{turn}" for place in range(len(stores)) for turn in range(ROUNDS))


def read(path: Path) -> list[str]:
    """The units of a file."""
    return list(pa.parquet.read_table(path)["unit_id"].to_pylist())


def test_a_change_is_made_anew_of_what_another_machine_has_landed_in_between(machine: Callable[[str], Store]) -> None:
    one, two = machine("one"), machine("two")
    put(one, "1")
    seen: list[int] = []

    def last_withdrawn(known: tuple[Batch, ...]) -> tuple[Batch, ...]:
        seen.append(len(known))
        if len(seen) == 1:
            put(one, "2")
        return known

    batches.rewrite(two, last_withdrawn)
    assert seen == [1, 2]
    assert pulled(one) == pulled(two)


@pytest.mark.promise("lake.nothing_lost")
def test_a_list_whose_answer_was_lost_is_not_written_twice(machine: Callable[[str], Store]) -> None:
    store = machine("one")
    shared = lake.of(store)
    assert shared
    assert [shared.first("lists/0000007.json", text) for text in (b"ours", b"ours", b"theirs")] == [True, True, False]


def test_a_file_that_is_damaged_in_the_lake_is_named_and_not_taken(
    machine: Callable[[str], Store], address: str
) -> None:
    one = machine("one")
    put(one, "1")
    shared = lake.of(one)
    assert shared
    obstore.put(shared.place, "landed/0001/unit.parquet", b"damaged")
    with pytest.raises(keeping.WriteError, match=re.escape(f"landed/0001/unit.parquet in {address} is not as it lan")):
        machine("two")


def test_what_cannot_reach_the_lake_lands_nowhere_and_says_so(
    machine: Callable[[str], Store], address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = machine("one")
    put(store, "1")
    before = store.manifest().batches
    if Path(address).exists():
        Path(address).rename(tmp_path / "unplugged")
    else:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        monkeypatch.setitem(lake.PATIENCE, "max_retries", 0)
    with pytest.raises(LandingError, match=r"The lake .* cannot be reached .*共享数据区"):
        put(store, "2")
    with pytest.raises(warehouse.WarehouseError, match="cannot be reached"):
        building.build(store)
    assert store.manifest().batches == before
    assert [path.name for path in store.landed.glob("0*")] == ["0001"]


def test_what_the_lake_took_and_this_machine_did_not_is_told_and_comes_with_the_next_look(
    machine: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = machine("one")
    put(store, "1")

    def full(_: object, __: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(batches, "_list", full)
        with pytest.raises(LandingError, match=r"The shared lake has taken this change.*共享数据区已保存"):
            put(store, "2")
        with pytest.raises(LandingError, match=r"The shared lake has taken this change"):
            batches.withdraw(store, "0001", "Li")
    assert [(each.id, each.withdrawn) for each in store.manifest().batches] == [("0001", False)]
    assert [(each.id, each.withdrawn) for each in pulled(store)] == [("0001", True), ("0002", False)]
    assert [(each.kind, each.what, each.who) for each in history.of(store)] == [(history.WITHDRAWN, "0001", "Li")]
    assert [each.act for each in audit.of(store) if each.act.startswith("not ")] == []


@pytest.mark.parametrize("secret", ["", "ab" * key.BYTES], ids=["none", "another"])
def test_who_has_not_the_key_of_person_codes_does_not_join(
    secret: str, machine: Callable[[str], Store], address: str, tmp_path: Path
) -> None:
    machine("one")
    store = Store(tmp_path / "two")
    store.root.mkdir()
    if secret:
        store.key_path.write_text(secret, encoding="ascii")
    with pytest.raises(keeping.WriteError, match=r"person\.key is (missing|another key)"):
        join(store, address)
    assert lake.of(store) is None


def test_a_store_with_batches_of_its_own_does_not_join_one_that_has_others(
    machine: Callable[[str], Store], address: str, tmp_path: Path
) -> None:
    one = machine("one")
    put(one, "1")
    two = Store(tmp_path / "two")
    put(two, "2")
    shutil.copy(one.key_path, two.key_path)
    with pytest.raises(keeping.WriteError, match=r"holds batches that .* has not"):
        join(two, address)
    assert [each.id for each in two.manifest().batches] == ["0001"]


@pytest.mark.promise("lake.sealed")
def test_a_sealed_store_shares_sealed_files_with_those_who_have_its_key(
    machine: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sealing.KEY, SECRET)
    one = machine("one")
    put(one, "秘密单位")
    two = machine("two")
    assert read_sealed(two) == ["秘密单位"]
    shared = lake.of(two)
    assert shared
    names = [each["path"] for some in obstore.list(shared.place) for each in some]
    assert {"landed/0001/unit.parquet", "lists/0000001.json", "sealed.json"} < set(names)
    assert not [name for name in names if "秘密单位".encode() in (shared.read(name) or b"")]
    monkeypatch.setenv(sealing.KEY, "6b" * 32)
    with pytest.raises(SealError):
        machine("three")


def read_sealed(store: Store) -> list[str]:
    """The units of a sealed store."""
    (file,) = store.manifest().files("unit")
    return list(pa.parquet.read_table(sealing.source(file))["unit_id"].to_pylist())


def test_a_store_that_shares_is_not_sealed_afterwards(
    machine: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = machine("one")
    monkeypatch.setenv(sealing.KEY, SECRET)
    with pytest.raises(SealError, match="shares a lake"):
        seal(store)
