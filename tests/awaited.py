"""Awaiting in a test: a browser that other tests opened keeps the loop of their thread, so it takes a thread apart."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def awaited(work: Coroutine[Any, Any, T]) -> T:
    """Give what some work comes to."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()
