"""The head of a figure's picture: title, caption and month above every figure, which itself stays as it was."""

import copy

import pytest

from pages.parts.briefing import Briefing
from pages.parts.charts import picture
from pages.parts.look import DARK, LIGHT


def test_every_figure_takes_a_head_and_stays_what_it_was(everything: Briefing) -> None:
    figures = [leaf.figure for leaf in everything.leaves if leaf.figure]
    assert len(figures) > 25
    for figure in figures:
        before = copy.deepcopy(figure.to_dict())
        made = picture.titled(figure, "Title", ["caption", "as of Oct 2026"], LIGHT)
        assert figure.to_dict() == before
        layout, old = made.to_dict()["layout"], before["layout"]
        plot = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
        assert plot == pytest.approx(old["height"] - old["margin"]["t"] - old["margin"].get("b", 0))
        assert layout["margin"]["t"] == old["margin"]["t"] + picture.HEAD
        assert made.to_dict()["data"] == before["data"]
        assert made.layout.title.text.split("<br>")[0].startswith("<b>Title</b>")
        assert [line in made.layout.title.text for line in ("<br>caption", "<br>as of Oct 2026")] == [True, True]


def test_a_picture_has_the_ground_of_its_card(everything: Briefing) -> None:
    figure = next(leaf.figure for leaf in everything.leaves if leaf.figure)
    grounds = [picture.titled(figure, "", [], look).layout.paper_bgcolor for look in (LIGHT, DARK)]
    assert grounds == [LIGHT.surface, DARK.surface]


def test_a_caption_that_is_too_long_is_cut_where_it_is_seen(everything: Briefing) -> None:
    figure = next(leaf.figure for leaf in everything.leaves if leaf.figure)
    text = picture.titled(figure, "", ["宽" * 200], LIGHT).layout.title.text
    assert 60 < text.count("宽") * 13 <= picture.WIDE - 2 * picture.SIDE
    assert "…" in text


def test_a_file_is_named_and_twice_as_large_as_the_figure() -> None:
    for wide, pixels in ((False, picture.WIDE), (True, picture.WIDER)):
        told = picture.settings("age_ladder-ladder-2026-10", wide=wide)["toImageButtonOptions"]
        assert told == {"format": "png", "filename": "age_ladder-ladder-2026-10", "width": pixels, "scale": 2}
