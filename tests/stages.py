"""A store on its way: the twelve people built, then more landed, then that built too, and how each stage looks."""

import functools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from data import landing
from data.store import Store
from queries import building
from tests import apart, forms

CADRE = Path(__file__).parent / "cadre"
MONTH = 202610
MORE = {
    "member.csv": "人员编码,姓名,性别,出生年月\nP04,李样丁,男,1998-10\nP13,蒋样寅,女,1999-01\n",
    "posting.csv": "人员编码,单位编码,职务名称,成员类别,任职时间\nP13,001.001.003,柳溪乡副乡长,副职,2026.02\n",
}
Work = Callable[[], object]


class Stages(NamedTuple):
    """A store with its first build, the files that come then, the store in which they have landed, and three looks."""

    first: Store
    files: tuple[Path, ...]
    second: Store
    before: apart.Seen
    landed: apart.Seen
    built: apart.Seen


def made(folder: Path) -> Stages:
    """The undisturbed run, in a folder."""
    for name, text in MORE.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "a.lrmx").write_bytes(forms.lrmx(forms.person(XingMing="沈样卯")))
    files = tuple(folder / name for name in (*MORE, "a.lrmx"))
    store = Store(folder / "third")
    landing.land(store, sorted(CADRE.glob("*.csv")), month=MONTH)
    store.key_path.write_text("0" * 64, encoding="ascii")
    building.build(store)
    first, before = copied(store, folder / "first"), apart.anew(store)
    land(store, files)()
    second, landed = copied(store, folder / "second"), apart.anew(store)
    build(store)()
    return Stages(first, files, second, before, landed, apart.anew(store))


def land(store: Store, files: tuple[Path, ...]) -> Work:
    """The landing of the files that come then: two tables and a personnel file."""
    return functools.partial(landing.land, store, files, month=MONTH)


def build(store: Store) -> Work:
    """The build of what has landed."""
    return functools.partial(building.build, store)


def copied(store: Store, root: Path) -> Store:
    """The same store elsewhere."""
    return Store(Path(shutil.copytree(store.root, root)))
