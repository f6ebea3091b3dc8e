"""Who looks at which build, and what was found for them: answers, and what exhibits and models make of them, kept."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

import queries
from data.access import LOCAL, Viewer
from data.policy import PolicyError
from data.store import Store, StoreError, default_store
from pages.exhibits import Asks, Exhibit, S, Tables, as_answered
from pages.parts import filters, look, signing, words
from pages.parts.kept import Kept
from queries import builds, warehouse
from queries.warehouse import WHOLE, Part

ANSWERS_BYTES = 512 << 20
TABLES_BYTES = 256 << 20
TABLE_BYTES = 32 << 10
"""What the smallest table takes with its headings and index."""
MADE_KEPT = 1024
LEARNT_KEPT = 8
TOPS_NAMED = 3
Made = TypeVar("Made")
Learnt = TypeVar("Learnt")


def weight(tables: Iterable[pd.DataFrame]) -> int:
    """Tell how many bytes some tables take."""
    return sum(TABLE_BYTES + int(table.memory_usage().sum()) for table in tables)


_answers: Kept[warehouse.Answer] = Kept(ANSWERS_BYTES, lambda answer: weight([answer.table]))
_tables: Kept[Tables] = Kept(TABLES_BYTES, lambda found: weight(found.values()))
_made: Kept[Any] = Kept(MADE_KEPT)
_learnt: Kept[Any] = Kept(LEARNT_KEPT)


@dataclass(frozen=True, slots=True)
class Here:
    """Who looks at which build, in which language and colours."""

    build: Path
    viewer: Viewer
    words: words.Words
    look: look.Look
    build_id: str
    data_month: int

    @property
    def city(self) -> str:
        """The name of the top unit; of a roster with several, their names or how many they are."""
        tops = made(self, _tops, {"units": ("roster/units", {})})
        if len(tops) > TOPS_NAMED:
            return self.words("{n} units").format(n=len(tops))
        return self.words.pick(", ", "、").join(tops)

    def ask(self, name: str, **given: Any) -> warehouse.Answer:
        """Ask a question, or find the answer given before to the same question, viewer, parameters and build."""
        return self.ask_for(WHOLE, name, **given)

    def ask_for(self, part: Part, name: str, **given: Any) -> warehouse.Answer:
        """Ask a question for a part of its rows, or find what was answered before."""
        key = self.build, self.viewer, name, part, queries.load(name).sql, tuple(sorted(given.items()))
        answer = _answers.get(key, lambda: warehouse.open_for(self.build, self.viewer).ask_for(part, name, **given))
        return replace(answer, table=answer.table.copy(deep=False))

    def may(self, act: str) -> bool:
        """Whether the reader may do one of `access.ACTS`."""
        return act in self.viewer.may

    def doer(self, written: str) -> str:
        """Give the name under which something is done: the reader's own where they signed in, else as it is written."""
        return self.viewer.name if self.viewer.role else written

    def sees(self, answer: warehouse.Answer) -> bool:
        """Whether rows may be shown: those of people only to who may see names, as a post tells who holds it."""
        return self.viewer.names or "person_id" not in answer.table


def here() -> Here:
    """Tell who looks at what. Without sign-in this is the local reader, who sees everything."""
    return replace(reader(default_store(), viewer(), language()), look=look.of(st.context.theme.type))


def viewer() -> Viewer:
    """Tell who is here. Without sign-in this is the local reader, who sees everything."""
    signed = signing.signed()
    return signing.admitted(signed) if signed else LOCAL


def language() -> words.Words:
    """Give the language that the reader has chosen, else the usual one."""
    return words.of(filters.code("lang", list(words.LANGUAGES)))


def for_local() -> Here:
    """Give the newest build as the local reader sees it; WarehouseError where there is none."""
    return reader(default_store(), LOCAL, words.of(None))


def reader(store: Store, viewer: Viewer, said: words.Words) -> Here:
    """Give somebody who reads the newest build of a store in a language; WarehouseError where there is none."""
    build = warehouse.newest(store)
    if build is None:
        raise warehouse.WarehouseError(_nothing_to_show(store))
    build_id, data_month = warehouse.facts(build)
    return Here(build, viewer, said, look.LIGHT, build_id, data_month)


def _nothing_to_show(store: Store) -> str:
    if (chosen := warehouse.chosen(store)) is None:
        return (
            "There is no build to show yet; land data and use `python -m queries build`. "
            "尚无可显示的数据版本，请先入库数据，再运行 python -m queries build。"
        )
    return (
        f"The file of build {chosen.stem} is damaged or gone, and no earlier one is whole; run "
        f"`python -m queries build` on the server. 数据版本 {chosen.stem} 的文件已损坏或丢失，且没有完好的以前版本，"
        "请在服务器上运行 python -m queries build 重新生成。"
    )


def damage() -> builds.Damage | None:
    """Tell what is wrong with the build that was to be served; None where nothing is."""
    return builds.damage(default_store())


def is_overtaken(here: Here) -> bool:
    """Whether another build is served by now than the one that was looked at."""
    return warehouse.newest(default_store()) not in (here.build, None)


def through(here: Here, build: Path) -> Here:
    """Give another build as the same viewer sees it; WarehouseError where this version cannot open it."""
    build_id, data_month = warehouse.facts(build)
    return replace(here, build=build, build_id=build_id, data_month=data_month)


def older() -> bool:
    """Whether the build that is served is an earlier one; not where that cannot be read, as the pages of it say."""
    try:
        return not builds.is_latest(default_store())
    except (PolicyError, StoreError):
        return False


def for_every_reader(here: Here) -> Here:
    """Give the same build and rights in one language and one set of colours, for what is counted once for all.

    Whose records stay closed to a viewer is forgotten: nothing that is counted depends on it.
    """
    return replace(here, viewer=replace(here.viewer, closed=()), words=words.of(None), look=look.LIGHT)


def of(here: Here, asks: Asks) -> dict[str, warehouse.Answer]:
    """Give the answers to some questions by role."""
    return {role: here.ask(name, **given) for role, (name, given) in asks.items()}


def told(here: Here, asks: Asks) -> Tables:
    """Give the tables that answer some questions, by role."""
    return {role: answer.table for role, answer in of(here, asks).items()}


def tables_of(here: Here, exhibit: Exhibit[S], scene: S) -> Tables:
    """Give the tables that an exhibit is made of, to be read only: those that ask and derive alike share them."""
    if exhibit.derive is as_answered:
        return told(here, exhibit.asks(scene))
    return _tables.get(_made_of(here, exhibit, scene), lambda: exhibit.derive(scene, told(here, exhibit.asks(scene))))


def known(here: Here, exhibit: Exhibit[S], scene: S) -> bool:
    """Whether `tables_of` would give at once what was worked out before."""
    return _made_of(here, exhibit, scene) in _tables


def _made_of(here: Here, exhibit: Exhibit[S], scene: S) -> Hashable:
    return here, exhibit.asks, exhibit.derive, scene


def made(here: Here, make: Callable[[Tables], Made], asks: Asks) -> Made:
    """Give what `make` makes of some answers, to be read only: made once for all who would get the same."""
    found: Made = _made.get(_learnt_of(here, make, asks, ()), lambda: make(told(here, asks)))
    return found


def worked_out(work: Callable[[], Made], *of: Hashable) -> Made:
    """Give what some work comes to, to be read only: done once for all who ask for the same, unless it raises."""
    found: Made = _made.get(of, work)
    return found


def learnt(here: Here, learn: Callable[..., Learnt], asks: Asks, *more: Hashable) -> Learnt:
    """Give what `learn` makes of some answers and of `more`: learnt once for all who would get the same."""
    found: Learnt = _learnt.get(_learnt_of(here, learn, asks, more), lambda: learn(told(here, asks), *more))
    return found


def is_learnt(here: Here, learn: Callable[..., Any], asks: Asks, *more: Hashable) -> bool:
    """Whether `learnt` would give at once what was learnt before."""
    return _learnt_of(here, learn, asks, more) in _learnt


def _learnt_of(here: Here, learn: Callable[..., Any], asks: Asks, more: tuple[Hashable, ...]) -> Hashable:
    flat = tuple((role, name, tuple(sorted(given.items()))) for role, (name, given) in asks.items())
    return here.build, here.viewer, learn, flat, more


def min_group(here: Here) -> int:
    """Give the smallest group of people that the viewer is shown."""
    return _disclosed(here, "planner" if here.viewer.names or here.viewer.exact else "reader")


def least_projected(here: Here) -> int:
    """Give the smallest group of people whose future is projected, for everyone: nobody is told of single people."""
    return _disclosed(here, "reader")


def _disclosed(here: Here, viewer: str) -> int:
    return made(here, _allowed, {"disclosure": ("roster/disclosure", {})})[viewer]


def _tops(found: Tables) -> list[str]:
    units = found["units"]
    return list(units.loc[units["depth"] == 0, "name"])


def _allowed(found: Tables) -> dict[str, int]:
    return {str(viewer): int(least) for viewer, least in found["disclosure"][["viewer", "min_group"]].to_numpy()}
