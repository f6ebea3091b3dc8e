"""On a full disk or over a store that may not be written every page opens, and says in words what is not kept."""

import os
import resource
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from data.batches import LandingError
from data.store import Store
from pages.parts import tested
from tests import apart, small_disk
from tests.conftest import DOOR, PATIENCE
from tests.stages import Stages, copied
from tests.test_small_disk import BARRED, FULL, closed

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has such limits and rights."),
    pytest.mark.promise("faults.full_server"),
]
OPENED = ("overview", "age_ladder", "briefing", "timetable", "settings", "intake")
A_FILE = ("member.csv", "人员编码,姓名,性别,出生年月\nP05,李样戊,男,1988-10\n".encode(), "text/csv")


def full() -> None:
    """Let no file of this process grow, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def told(root: Path, *, narrow: bool) -> dict[str, list[str]]:
    """What the server and each page say that stands on a full disk, or else may not write its store."""
    os.environ |= {"CADRE_STORE": str(root), tested.SWITCH: tested.BY_HAND}
    full() if narrow else small_disk.give_up_rights()
    return dict(_told())


def _told() -> Iterator[tuple[str, list[str]]]:
    pages = {name: AppTest.from_file(DOOR, default_timeout=PATIENCE).switch_page(f"{name}.py") for name in OPENED}
    for name, page in pages.items():
        yield name, _complaints(page.run())
    entering = pages["timetable"]
    entering.text_input(key="enter_who").input("示例甲")
    yield "entered", _complaints(entering.button(key="FormSubmitter:enter-登记").click().run())
    pages["intake"].file_uploader[0].set_value([A_FILE])
    yield "handed in", _complaints(pages["intake"].run())


def _complaints(page: AppTest) -> list[str]:
    assert [problem.value for problem in page.exception] == []
    return [error.value for error in page.error]


@pytest.mark.parametrize("narrow", [True, False], ids=["full", "barred"])
def test_every_page_opens_and_says_what_is_not_kept(stages: Stages, tmp_path: Path, narrow: bool) -> None:
    store = copied(stages.first, tmp_path / "store")
    before = small_disk.files(store)
    said = apart.given_by(partial(told, (store if narrow else closed(store)).root, narrow=narrow))
    zh, _ = FULL if narrow else BARRED
    assert {name: said[name] for name in OPENED} == {name: [] for name in OPENED}
    assert zh in "".join(said["entered"])
    assert (zh in "".join(said["handed in"])) == narrow
    assert small_disk.files(store) == before


def test_a_server_of_a_store_that_may_not_be_written_says_so_and_serves_on(stages: Stages, tmp_path: Path) -> None:
    store = closed(copied(stages.second, tmp_path / "store"))
    said = apart.given_by(partial(started_without_rights, store.root))
    assert BARRED[0] in said
    assert said.endswith(f"ready {stages.before.build}")


def started_without_rights(root: Path) -> str:
    """What a server says as it starts without the rights to write, and its readiness then."""
    os.environ["CADRE_STORE"] = str(root)
    small_disk.give_up_rights()
    try:
        dashboard.fill(Store(root))
    except LandingError as error:
        return f"{error}\n{dashboard.standing()}"
    return dashboard.standing()
