"""What the screens say: English in the source, Chinese from the gettext catalogue."""

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.dates import format_skeleton
from babel.messages.pofile import read_po

from pages.parts import numerals

FOLDER = Path(__file__).parents[1] / "words"
LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Called with English source text it gives that text in the language."""

    language: str

    def __call__(self, text: str) -> str:
        """Say `text`; what the catalogue lacks stays English (a test keeps the catalogue complete)."""
        found = _catalogue(self.language).get(text, text)
        return found if isinstance(found, str) else found[0]

    def count(self, one: str, many: str, number: int, **more: object) -> str:
        """Say `one` or `many` by `number`, which fills {n}; `more` fills the rest."""
        found = _catalogue(self.language).get(one)
        said = (one if number == 1 else many) if found is None else (found if isinstance(found, str) else found[-1])
        return said.format(n=numerals.whole(number), **more)

    def month(self, value: int) -> str:
        """Write a YYYYMM month as the language does: 2026年10月, Oct 2026."""
        return _month(value, self.language)

    def pick(self, en: str, zh: str) -> str:
        """Give the one of two names that is in this language."""
        return zh if self.language.startswith("zh") else en


def of(language: str | None) -> Words:
    """Give the words of a language code; of an unknown code, Chinese."""
    return Words(language if language in LANGUAGES else DEFAULT)


@functools.cache
def _month(value: int, language: str) -> str:
    return format_skeleton("yMMM", dt.date(value // 100, value % 100, 1), locale=language)


@functools.cache
def _catalogue(language: str) -> Mapping[str, str | tuple[str, ...]]:
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as file:
        messages = read_po(file, locale=language)
    return {_key(message.id): _text(message.string) for message in messages if message.id and message.string}


def _key(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _text(string: str | tuple[str, ...] | list[str]) -> str | tuple[str, ...]:
    return string if isinstance(string, str) else tuple(string)
