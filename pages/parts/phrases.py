"""What the rows of the benchmark are called: texts that it writes in English, told in the reader's language."""

import functools
import re

import queries
from data import speeds
from data.speeds import Phrase
from pages.parts.words import Words

PLACE = re.compile(r"\\?\{(\w+)\\?\}")
NAMED = {"engine", "library", "file", "proxy", "maker", "version"}
NUMBER = r"[\d,.]+"
"""What stands in the places of phrases: names of programs in those that are NAMED, else numbers."""

BETWEEN = re.compile(r"( · |; |: |, )")
CHINESE = {" · ": "；", "; ": "；", ": ": "：", ", ": "，"}
"""What stands between the phrases of a text, and how Chinese is set there."""


def told(text: str, say: Words) -> str:
    """Say a text of the benchmark phrase by phrase; names, and what is no phrase, stay as they are."""
    return "".join(say.pick(each, CHINESE[each]) if each in CHINESE else _said(each, say) for each in _parts(text))


def unknown(text: str) -> list[str]:
    """Give the parts of a text that are neither phrases nor questions, such as the names of programs."""
    return [each for each in _parts(text) if each not in CHINESE and each not in queries.names() and not _found(each)]


def _parts(text: str) -> list[str]:
    return [each for each in BETWEEN.split(text) if each]


def _said(part: str, say: Words) -> str:
    if part in queries.names():
        return say(queries.load(part).asks)
    found = _found(part)
    return say.pick(part, found.zh) if found else part


@functools.lru_cache(maxsize=4096)
def _found(part: str) -> Phrase | None:
    """The phrase that a part is, its places filled."""
    matches = ((phrase, pattern.fullmatch(part)) for phrase, pattern in _patterns())
    return next((Phrase(part, phrase.zh.format(**match.groupdict())) for phrase, match in matches if match), None)


@functools.cache
def _patterns() -> list[tuple[Phrase, re.Pattern[str]]]:
    """Every phrase with its pattern, the names in braces its groups; those that say most come first."""
    given = sorted(speeds.phrases(), key=lambda each: len(PLACE.sub("", each.en)), reverse=True)
    return [(each, re.compile(PLACE.sub(_place, re.escape(each.en)))) for each in given]


def _place(found: re.Match[str]) -> str:
    name = found.group(1)
    return f"(?P<{name}>{'.+' if name in NAMED else NUMBER})"
