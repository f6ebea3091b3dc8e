"""What is done about an error that nobody foresaw: the log has where it happened, the reader a number."""

import datetime as dt
import logging
import secrets
import traceback
from collections.abc import Iterator

from pages.parts.words import Words

LOG = logging.getLogger("cadre")


def sentence(error: BaseException, say: Words) -> str:
    """Note an error, and say what its reader is told: what to do, and the number."""
    told = say(
        "This page could not be shown in full. Load it again; if it stays so, tell whoever looks after the system "
        "the fault number {number}."
    )
    return told.format(number=noted(error))


def noted(error: BaseException) -> str:
    """Write an error into the log under a number, and give the number.

    The log says where it happened and of which kind it is; not in which words, as those may name people.
    """
    number, now = secrets.token_hex(4).upper(), dt.datetime.now(dt.UTC).astimezone()
    LOG.error("%s fault %s\n%s", now.isoformat(timespec="seconds"), number, "\n".join(_traced(error)))
    return number


def _traced(error: BaseException | None) -> Iterator[str]:
    """Tell of an error and of those that led to it, the last first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
        error = error.__cause__ or error.__context__
