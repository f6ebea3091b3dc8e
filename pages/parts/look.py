"""The colours, type and status signs of every screen, figure and slide, in a light and a dark set of equal contrast."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Say = Callable[[str], str]
Status = Literal["met", "at_risk", "missed"]

FONTS = (
    "'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Noto Sans SC', "
    "'WenQuanYi Micro Hei', sans-serif"
)
GLYPH: dict[str, str] = {"met": "●", "at_risk": "▲", "missed": "■"}


@dataclass(frozen=True, slots=True)
class Look:
    """One set of colours as #rrggbb. `paper` is the page, `surface` a card; text colours hold 4.5 to 1 on both."""

    name: str
    paper: str
    surface: str
    ink: str
    muted: str
    hairline: str
    wash: str
    blue: str
    blue_pale: str
    plum: str
    plum_pale: str
    slate: str
    pine: str
    pine_pale: str
    ochre: str
    ochre_pale: str
    vermilion: str
    vermilion_pale: str
    on_strong: str

    def status(self, status: str) -> str:
        """Give the text and mark colour of a status; raise ValueError for a status that the rules do not know."""
        return _of_status(status, (self.pine, self.ochre, self.vermilion))

    def status_ground(self, status: str) -> str:
        """Give the pale ground colour of a status; raise ValueError for a status that the rules do not know."""
        return _of_status(status, (self.pine_pale, self.ochre_pale, self.vermilion_pale))


def _of_status(status: str, colours: tuple[str, str, str]) -> str:
    if status not in GLYPH:
        message = f"{status!r} is no status; the rules in target_status.csv know {', '.join(GLYPH)}."
        raise ValueError(message)
    return colours[tuple(GLYPH).index(status)]


LIGHT = Look(
    name="light",
    paper="#fbfaf7",
    surface="#ffffff",
    ink="#1c2733",
    muted="#5d6875",
    hairline="#e2e5e9",
    wash="#eef0f3",
    blue="#24508a",
    blue_pale="#c9d6e6",
    plum="#8e5f82",
    plum_pale="#e3d3de",
    slate="#5d6875",
    pine="#2b725b",
    pine_pale="#dcebe5",
    ochre="#9a5f0e",
    ochre_pale="#faefd9",
    vermilion="#b0382a",
    vermilion_pale="#f8e0db",
    on_strong="#ffffff",
)

DARK = Look(
    name="dark",
    paper="#14181d",
    surface="#1c2128",
    ink="#e8ecf0",
    muted="#a3adb8",
    hairline="#323a44",
    wash="#29303a",
    blue="#86aee6",
    blue_pale="#34475f",
    plum="#d8b4ce",
    plum_pale="#523f4d",
    slate="#8b96a3",
    pine="#55cda3",
    pine_pale="#21423a",
    ochre="#e0ab55",
    ochre_pale="#4a3a1c",
    vermilion="#f2897a",
    vermilion_pale="#5a2c27",
    on_strong="#14181d",
)


def of(theme: str | None) -> Look:
    """Give the set for a browser's theme ("light", "dark", or None where it is not yet known)."""
    return DARK if theme == "dark" else LIGHT


def status_word(status: str, say: Say) -> str:
    """Say a status in words: met, at the edge, short."""
    return {"met": say("met"), "at_risk": say("at the edge"), "missed": say("short")}[status]


def css_variables(look: Look, reach: str = ":root") -> str:
    """Write the set as CSS custom properties (`--blue-pale`), which reach every element of the page, or some."""
    colours = {name: value for name, value in asdict(look).items() if name != "name"}
    lines = "".join(f"  --{name.replace('_', '-')}: {value};\n" for name, value in colours.items())
    return f"{reach} {{\n{lines}  --fonts: {FONTS};\n  color-scheme: {look.name};\n}}\n"


def css_text(text: str) -> str:
    """Write a text as CSS does, so that nothing in it ends it."""
    return '"' + "".join(sign if sign.isalnum() else f"\\{ord(sign):x} " for sign in text) + '"'


def stylesheet(look: Look) -> str:
    """Give the whole style sheet of the page: the set as variables, then page.css."""
    return css_variables(look) + (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def language_script(language: str) -> str:
    """Give the script that tells the browser which language a page is in; one text a language, as guard.py lists it."""
    return f"document.documentElement.lang = '{language.replace('_', '-')}'"
