"""What people wrote, shown as they wrote it where Streamlit reads Markdown: in labels, help and messages."""

import re

SIGNS = re.compile(
    r"[\\`*\[\]<$~]"  # code, weight, links, tags, formulas, strokes
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underline but within a word
    r"|&(?=#?\w+;)"  # a sign by its name
    r"|^[-+=#>]|(?<=^\d)[.)]|(?<=^\d\d)[.)]"  # lists, headings, quotations
)
"""The signs to which Markdown gives a meaning where they stand; behind a backslash each stands for itself."""
APART = re.compile(r"(?<=[-<>=~])(?=[-<>=~])|(?<=:)(?=[a-z]|[\w+-]+:|//)|(?<=@)|(?<=www)(?=\.)", re.IGNORECASE)
"""Where Streamlit would find an arrow, a picture sign or an address in a text whatever stands before its signs."""
SPACES = re.compile(r"[ \t]+")
JOINER = "\N{WORD JOINER}"
"""Keeps signs apart without a width and without a break."""


def literal(text: object) -> str:
    """Give a text that Markdown shows as it is written, line by line: no link, picture or formula is made of it."""
    lines = (SPACES.sub(" ", line).strip(" ") for line in str(text).splitlines())
    return "\n\n".join(SIGNS.sub(r"\\\g<0>", APART.sub(JOINER, line)) for line in lines if line)
