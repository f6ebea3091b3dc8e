"""The one bounded cache: it keeps things up to a weight, works out each once, and tells what it holds."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.parts.kept import Kept

pytestmark = pytest.mark.promise("answers.once")


def test_a_thing_is_made_once_and_known_from_then_on() -> None:
    kept: Kept[list[int]] = Kept(2)
    assert "a" not in kept
    first = kept.get("a", lambda: [1])
    assert kept.get("a", lambda: [2]) is first
    assert "a" in kept


def test_nothing_is_a_thing_too() -> None:
    kept: Kept[int | None] = Kept(2)
    kept.get("a", lambda: None)
    assert kept.get("a", lambda: 1) is None


def test_what_was_not_asked_for_longest_goes_and_is_known_no_more() -> None:
    kept: Kept[int] = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda: 0)
    assert [key for key in "abc" if key in kept] == ["a", "c"]


def test_what_is_heavy_takes_the_place_of_many_and_what_is_too_heavy_of_none() -> None:
    kept: Kept[int] = Kept(10, lambda thing: thing)
    for key, weight in {"a": 4, "b": 3, "c": 3, "d": 5}.items():
        kept.get(key, lambda weight=weight: weight)  # type: ignore[misc]
    assert [key for key in "abcd" if key in kept] == ["c", "d"]
    assert kept.get("e", lambda: 11) == 11
    assert [key for key in "abcde" if key in kept] == ["c", "d"]
    kept.get("f", lambda: 2)
    assert [key for key in "cdf" if key in kept] == ["c", "d", "f"]


def test_what_could_not_be_made_is_tried_again() -> None:
    kept: Kept[float] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 / 0)
    assert "a" not in kept
    assert kept.get("a", lambda: 1.0) == 1.0


def test_of_those_who_ask_at_once_one_works_and_all_get_the_same() -> None:
    kept: Kept[object] = Kept(2)
    asked, made = threading.Barrier(5), []

    def make() -> object:
        made.append(object())
        asked.wait(10)  # until all others have asked
        return made[-1]

    def ask() -> object:
        return kept.get("a", make)

    def ask_too() -> object:
        asked.wait(10)
        return kept.get("a", make)

    with ThreadPoolExecutor(5) as threads:
        waiting = [threads.submit(each) for each in (ask, *[ask_too] * 4)]
        assert {id(each.result(10)) for each in waiting} == {id(made[0])}
    assert len(made) == 1


def test_what_is_too_heavy_to_be_kept_is_made_once_for_all_who_wait_for_it() -> None:
    kept: Kept[object] = Kept(1, lambda _: 2)
    asked, made = threading.Barrier(5), []

    def make() -> object:
        asked.wait(10)
        time.sleep(0.2)  # until all others wait
        made.append(object())
        return made[-1]

    def ask_too() -> object:
        asked.wait(10)
        return kept.get("a", make)

    with ThreadPoolExecutor(5) as threads:
        waiting = [threads.submit(each) for each in (lambda: kept.get("a", make), *[ask_too] * 4)]
        assert {id(each.result(10)) for each in waiting} == {id(made[0])}
    assert len(made) == 1
    assert "a" not in kept


def test_one_thing_does_not_wait_for_another() -> None:
    kept: Kept[int] = Kept(2)
    assert kept.get("a", lambda: kept.get("b", lambda: 1) + 1) == 2
