"""Colours of figures told apart by everyone: marks from their ground, and series from each other without some cones."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from data.access import LOCAL
from data.store import Store
from pages.parts import answers, briefing, words
from pages.parts.briefing import Item
from pages.parts.charts import Figure
from pages.parts.look import DARK, LIGHT, Look
from pages.parts.scenes import NothingToShowError, Scenes
from tests.test_charts import contrast

pytestmark = pytest.mark.promise("colours.apart")

HEX = re.compile(r"#[0-9a-fA-F]{6}")
Lab = tuple[float, float, float]
Matrix = Sequence[Sequence[float]]

# Machado, Oliveira and Fernandes, A physiologically-based model for simulation of color vision deficiency,
# IEEE TVCG 15 (2009) 1291, table 1, severity 1.0, on linear sRGB.
SEEN_BY: dict[str, Matrix] = {
    "everyone": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopes": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopes": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopes": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ: Matrix = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)
APART = 10.0
"""CIEDE2000 between series: colours up to 10 apart have to be looked for (Z. Schuessler, Delta E 101)."""
MARK = 3.0
"""Contrast of what has to be seen in a figure: WCAG 2.2, 1.4.11."""
PALE = ("blue_pale", "plum_pale", "pine_pale", "ochre_pale", "vermilion_pale", "wash", "hairline", "surface", "paper")
"""Grounds, and series that are named but not spoken of: what they say is written beside them."""


def product(matrix: Matrix, vector: Sequence[float]) -> list[float]:
    """A matrix times a vector."""
    return [sum(cell * value for cell, value in zip(row, vector, strict=True)) for row in matrix]


def seen_as(colour: str, who: Matrix) -> Lab:
    """What somebody sees of #rrggbb, as a screen can show it, in CIELAB under D65."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    shown = [min(1.0, max(0.0, part)) for part in product(who, linear)]
    ratios = [value / white for value, white in zip(product(XYZ, shown), WHITE, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 216 / 24389 else (24389 / 27 * ratio + 16) / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: Lab, other: Lab) -> float:
    """CIEDE2000 of two colours (Sharma, Wu and Dalal, Color Research and Application 30 (2005) 21)."""
    (light_1, a_1, b_1), (light_2, a_2, b_2) = one, other
    seventh = ((math.hypot(a_1, b_1) + math.hypot(a_2, b_2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - math.sqrt(seventh / (seventh + 25**7)))
    chroma_1, chroma_2 = math.hypot(a_1 * stretch, b_1), math.hypot(a_2 * stretch, b_2)
    hue_1, hue_2 = math.atan2(b_1, a_1 * stretch), math.atan2(b_2, a_2 * stretch)
    turn = math.remainder(hue_2 - hue_1, math.tau) if chroma_1 * chroma_2 else 0.0
    light, chroma, hue = (light_1 + light_2) / 2, (chroma_1 + chroma_2) / 2, hue_1 + turn / 2
    weight = (
        1
        - 0.17 * math.cos(hue - math.radians(30))
        + 0.24 * math.cos(2 * hue)
        + 0.32 * math.cos(3 * hue + math.radians(6))
        - 0.20 * math.cos(4 * hue - math.radians(63))
    )
    lighter = (light_2 - light_1) / (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2))
    stronger = (chroma_2 - chroma_1) / (1 + 0.045 * chroma)
    turned = 2 * math.sqrt(chroma_1 * chroma_2) * math.sin(turn / 2) / (1 + 0.015 * chroma * weight)
    blue = (math.degrees(hue) % 360 - 275) / 25
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(math.radians(60 * math.exp(-(blue**2))))
    return math.sqrt(lighter**2 + stronger**2 + turned**2 + rotation * stronger * turned)


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_published_pairs(one: Lab, other: Lab, published: float) -> None:
    assert difference(one, other) == pytest.approx(published, abs=5e-5)


def test_red_and_green_of_one_lightness_are_one_colour_without_green_cones() -> None:
    red, green = "#b5651d", "#7a7a1d"
    apart = {who: difference(seen_as(red, eyes), seen_as(green, eyes)) for who, eyes in SEEN_BY.items()}
    assert apart["everyone"] > 2 * APART
    assert apart["deuteranopes"] < APART


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("who", SEEN_BY)
def test_colours_of_series_are_told_apart_by_everyone(look: Look, who: str) -> None:
    seen = [seen_as(colour, SEEN_BY[who]) for colour in (look.blue, look.plum, look.pine, look.ochre)]
    assert min(difference(*pair) for pair in itertools.combinations(seen, 2)) >= APART


@pytest.fixture(scope="module", params=[LIGHT, DARK], ids=["light", "dark"])
def drawn(request: pytest.FixtureRequest, small_city: Store) -> dict[str, Figure]:
    """Every figure of the small city in one set of colours."""
    here = replace(answers.reader(small_city, LOCAL, words.of("en")), look=request.param)
    scenes = Scenes(here, here.data_month)
    figures = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CADRE_STORE", str(small_city.root))
        for name, exhibit in briefing.EXHIBITS.items():
            try:
                leaf = briefing.leaf(Item(name, {}), scenes) if exhibit.draw else None
            except NothingToShowError:
                continue
            if leaf and leaf.figure:
                figures[name] = leaf.figure
    return figures


def look_of(figure: Figure) -> Look:
    """The set of colours that a figure is drawn in."""
    return next(look for look in (LIGHT, DARK) if look.ink == figure.to_dict()["layout"]["font"]["color"])


def series(figure: Figure) -> set[tuple[str, str]]:
    """What is told apart by colour: the kind of mark (its dash or symbol) and its colour."""
    return {(kind, colour) for trace in figure.to_dict()["data"] for kind, colour in marks(trace) if HEX.match(colour)}


def marks(trace: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The marks of a trace: lines that are drawn, points and bars."""
    mode, marker, line = trace.get("mode", ""), trace.get("marker", {}), trace.get("line", {})
    if "lines" in mode and line.get("width", 1) and not trace.get("fill"):
        yield f"line {line.get('dash', 'solid')}", line["color"]
    if (trace["type"] == "bar" or "markers" in mode) and "color" in marker:
        kinds, colours = each(marker.get("symbol", trace["type"])), each(marker["color"])
        yield from zip(itertools.cycle(kinds), colours * (len(kinds) if len(colours) == 1 else 1), strict=False)


def each(said: str | list[str]) -> list[str]:
    """What is said of every mark, or of all of them at once."""
    return [said] if isinstance(said, str) else said


def test_every_form_has_its_series_looked_at(drawn: dict[str, Figure]) -> None:
    assert len(drawn) > 25
    assert sum(len(series(figure)) > 1 for figure in drawn.values()) > 12


def test_marks_stand_out_from_their_ground(drawn: dict[str, Figure]) -> None:
    weak = [
        (name, colour)
        for name, figure in drawn.items()
        for look in [look_of(figure)]
        for _, colour in series(figure)
        if colour not in {getattr(look, pale) for pale in PALE}
        and min(contrast(colour, look.paper), contrast(colour, look.surface)) < MARK
    ]
    assert weak == []


@pytest.mark.parametrize("who", SEEN_BY)
def test_series_of_one_kind_of_mark_are_told_apart_by_everyone(drawn: dict[str, Figure], who: str) -> None:
    eyes = SEEN_BY[who]
    alike = [
        (name, one, other)
        for name, figure in drawn.items()
        for (kind, one), (same, other) in itertools.combinations(sorted(series(figure)), 2)
        if kind == same
        and not kind.startswith("bar")
        and one != other
        and difference(seen_as(one, eyes), seen_as(other, eyes)) < APART
    ]
    assert alike == []
