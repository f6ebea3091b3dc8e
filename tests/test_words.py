"""Every text that a screen can say is in the catalogue, in Chinese that a reader would print; nothing is left over."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import queries
from pages.parts import words
from tests.server import HOUSE

pytestmark = pytest.mark.promise("words.both")

PAGES = HOUSE / "pages"
SPOKEN_BY: dict[str, tuple[int, ...] | None] = {"say": None, "words": None, "count": (1, 2), "Entry": (2,)}
HALF_WIDTH_MARK = re.compile(r"[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]")

SOURCE = re.compile(r'^msgid ((?:".*"\n)+)', re.MULTILINE)

Source = str | tuple[str, ...]


class Message(NamedTuple):
    """One entry of the catalogue: the English source (its two forms, where counted) and all that is said for it."""

    source: Source
    said: tuple[str, ...]
    fuzzy: bool = False


def spoken_in(folder: Path) -> set[Source]:
    """Every English text that the Python files in a folder give to something that says it."""
    found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=SPOKEN_BY)
    written = {text if isinstance(text, str) else tuple(text) for _, _, text, _, _ in found}
    return written.union(*map(spoken_inside_texts, folder.rglob("*.py")))


def spoken_inside_texts(path: Path) -> set[str]:
    """What a file says inside an f-string, where Babel does not look."""
    texts = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.JoinedStr))
    calls = (node for text in texts for node in ast.walk(text) if isinstance(node, ast.Call))
    said = {call: getattr(call.func, "id", getattr(call.func, "attr", "")) for call in calls}
    given = (argument for call, name in said.items() if name in ("say", "words") for argument in call.args[:1])
    return {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def spoken_of_questions() -> set[Source]:
    """What a screen says of a question: what it asks, and the names of its columns."""
    asked = [queries.load(name) for name in queries.names()]
    columns: set[Source] = {
        column.name.removesuffix("_en").removesuffix("_zh") for query in asked for column in query.columns
    }
    return columns | {query.asks for query in asked}


def catalogue(language: str = "zh_CN") -> list[Message]:
    """The catalogue of a language, read without the house's own reader."""
    with (PAGES / "words" / f"{language}.po").open(encoding="utf-8") as file:
        entries = [entry for entry in read_po(file) if entry.id]
    return [Message(_source(entry.id), _forms(entry.string), entry.fuzzy) for entry in entries]


def _source(text: str | Iterable[str]) -> Source:
    return text if isinstance(text, str) else tuple(text)


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def untranslated(spoken: set[Source], known: Iterable[Message]) -> set[Source]:
    """What is spoken and has no entry, or an entry with nothing in it."""
    return spoken - {message.source for message in known if all(message.said) and not message.fuzzy}


def placeholders(texts: Iterable[str]) -> set[str]:
    """The names in braces that a text wants filled."""
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


def ill_filled(known: Iterable[Message]) -> list[Source]:
    """Entries of which some form wants other things filled in than the English does."""
    return [
        message.source
        for message in known
        if any(placeholders([said]) != placeholders(_forms(message.source)) for said in message.said)
    ]


def badly_set(known: Iterable[Message]) -> list[str]:
    """Chinese texts with a half-width mark beside a Chinese character."""
    return [said for message in known for said in message.said if HALF_WIDTH_MARK.search(said)]


def test_everything_that_a_screen_says_is_translated() -> None:
    assert untranslated(spoken_in(PAGES) | spoken_of_questions(), catalogue()) == set()


def test_nothing_is_translated_that_no_screen_says() -> None:
    assert {message.source for message in catalogue()} - spoken_in(PAGES) - spoken_of_questions() == set()


def test_no_source_text_stands_in_the_catalogue_twice() -> None:
    # read line by line: who reads the catalogue as such gets the last of two without a word
    written = (PAGES / "words" / "zh_CN.po").read_text(encoding="utf-8")
    sources = Counter(SOURCE.findall(written))
    assert [source for source, times in sources.items() if times > 1] == []


def test_a_text_and_its_translation_are_filled_with_the_same_things() -> None:
    assert ill_filled(catalogue()) == []


def test_chinese_texts_are_set_with_full_width_marks() -> None:
    assert badly_set(catalogue()) == []


def test_a_text_that_nobody_translated_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text('say("Nobody said this")\nsay.count("{n} ox", "{n} oxen", 2)\n', encoding="utf-8")
    invented = {"Nobody said this", ("{n} ox", "{n} oxen")}
    assert untranslated(spoken_in(tmp_path), catalogue()) == invented


@pytest.mark.parametrize("message", [Message("ox", ("",)), Message("ox", ("牛",), fuzzy=True)])
def test_an_empty_or_doubtful_translation_counts_as_none(message: Message) -> None:
    assert untranslated({"ox"}, [message]) == {"ox"}


@pytest.mark.parametrize(
    ("check", "message"),
    [(ill_filled, Message("{n} oxen", ("{m} 头牛",))), (badly_set, Message("oxen, cows", ("公牛,母牛",)))],
)
def test_a_careless_translation_is_found(check: Callable[[list[Message]], list[str]], message: Message) -> None:
    assert len(check([message])) == 1


def test_a_text_without_a_translation_is_said_in_english() -> None:
    assert words.of("zh_CN")("Nobody said this") == "Nobody said this"
    assert words.of("zh_CN").count("{n} ox", "{n} oxen", 1) == "1 ox"
    assert words.of("en")("Age ladder") == "Age ladder"


@pytest.mark.parametrize("language", [None, "", "fr", "zh", "EN"])
def test_a_language_that_nobody_speaks_here_is_chinese(language: str | None) -> None:
    assert words.of(language)("Age ladder") == "年龄梯次"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, {"en": "0 people short", "zh_CN": "缺 0 人"}),
        (1, {"en": "1 person short", "zh_CN": "缺 1 人"}),
        (14, {"en": "14 people short", "zh_CN": "缺 14 人"}),
    ],
)
def test_a_number_picks_the_form_of_its_noun(number: int, said: Mapping[str, str]) -> None:
    counted = {language: words.of(language).count("{n} person short", "{n} people short", number) for language in said}
    assert counted == said


def test_a_count_fills_more_than_its_number() -> None:
    forms = "{n} person passes the line by {month}.", "{n} people pass the line by {month}."
    assert words.of("en").count(*forms, 3, month="2027-02") == "3 people pass the line by 2027-02."
    assert words.of("zh_CN").count(*forms, 3, month="2027-02") == "到 2027-02共 3 人超出该年龄段。"


def test_a_name_in_two_languages_is_given_in_the_readers() -> None:
    assert [words.of(language).pick("Townships", "乡镇") for language in ("en", "zh_CN")] == ["Townships", "乡镇"]


def test_a_count_parts_its_thousands_in_both_languages() -> None:
    assert words.of("zh_CN").count("{n} arrival.", "{n} arrivals.", 4740) == "交流到任 4,740 人次。"
    assert words.of("en").count("{n} arrival.", "{n} arrivals.", 4740) == "4,740 arrivals."
    assert words.of("en").count("{n} arrival.", "{n} arrivals.", 1) == "1 arrival."
