"""What people wrote is shown as they wrote it, wherever Streamlit would read Markdown."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.parts.literal import JOINER, literal
from tests.server import HOUSE

READ_AS_MARKDOWN = {
    *("error", "warning", "info", "success", "exception", "caption", "markdown", "write", "toast", "metric", "badge"),
    *("title", "header", "subheader", "button", "download_button", "link_button", "form_submit_button", "page_link"),
    *("checkbox", "toggle", "radio", "selectbox", "multiselect", "segmented_control", "pills", "select_slider"),
    *("slider", "text_input", "text_area", "number_input", "date_input", "time_input", "file_uploader", "expander"),
    *("popover", "tabs", "progress", "spinner", "status"),
}
ALSO_OF_OTHERS = {"title", "header", "write", "metric", "status", "error", "info", "warning", "exception", "caption"}
OWN_WORDS = {"say", "literal", "words"}


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file that shows a text as Markdown, and the name of what shows it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            shows = node.func.body if isinstance(node.func, ast.IfExp) else node.func
            if isinstance(shows, ast.Attribute) and shows.attr in READ_AS_MARKDOWN and is_a_place(shows):
                yield shows.attr, node


def is_a_place(shows: ast.Attribute) -> bool:
    """Whether something is shown by Streamlit itself or in a part of the page; a text has a title too."""
    return isinstance(shows.value, ast.Name) and (shows.value.id == "st" or shows.attr not in ALSO_OF_OTHERS)


def texts(name: str, call: ast.Call) -> Iterator[ast.expr]:
    """What a call shows: its label or body, and its help."""
    place = 1 if name in ("page_link", "progress") else 0
    yield from call.args[place : place + 1]
    yield from (given.value for given in call.keywords if given.arg in ("label", "help", "text", "title", "body"))


def is_safe(text: ast.expr) -> bool:
    """Whether a text is written in the source, said in words of ours, or made literal."""
    if isinstance(text, ast.Constant):
        return True
    if isinstance(text, ast.IfExp):
        return is_safe(text.body) and is_safe(text.orelse)
    if isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute) and text.func.attr == "format":
        return is_safe(text.func.value) and all(isinstance(given.value, ast.Constant) for given in text.keywords)
    return isinstance(text, ast.Call) and isinstance(text.func, ast.Name) and text.func.id in OWN_WORDS


SCRIPTS = [
    path for path in (HOUSE / "pages").rglob("*.py") if "import streamlit as st" in path.read_text(encoding="utf-8")
]


@pytest.mark.promise("names.literal")
@pytest.mark.parametrize("path", [*SCRIPTS, HOUSE / "dashboard.py"], ids=lambda path: path.name)
def test_every_text_given_to_markdown_is_ours_or_made_literal(path: Path) -> None:
    wrong = [ast.unparse(call) for name, call in calls(path) if not all(map(is_safe, texts(name, call)))]
    assert wrong == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("甲县委组织部（2026年，3 人）: a_b, c-d 12:30 5%", "甲县委组织部（2026年，3 人）: a_b, c-d 12:30 5%"),
        ("a *b* _c_ `d`", r"a \*b\* \_c\_ \`d\`"),
        ("![x](http://a)", rf"!\[x\](http:{JOINER}//a)"),
        (":material/face: :red[x]", rf":{JOINER}material/face: :{JOINER}red\[x\]"),
        ("a -> b -- c", rf"a -{JOINER}> b -{JOINER}- c"),
        ("www.a.b a@b.c", rf"www{JOINER}.a.b a@{JOINER}b.c"),
        ("<img src=x>", r"\<img src=x>"),
        ("&lt; R&D", r"\&lt; R&D"),
        ("  # 标题\n\n\n- 项  目　一\n1. 一", "\\# 标题\n\n\\- 项 目　一\n\n1\\. 一"),
        (ValueError("$x$"), r"\$x\$"),
    ],
)
def test_a_text_is_written_so_that_markdown_reads_nothing_into_it(written: object, shown: str) -> None:
    assert literal(written) == shown
