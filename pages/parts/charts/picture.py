"""A figure as a picture that leaves the page: its title stands above it, where a page shows the head of a card."""

from collections.abc import Sequence
from typing import Any

from pages.parts.charts import canvas
from pages.parts.charts.canvas import Figure
from pages.parts.look import Look, css_text

HEAD, SIDE = 84, 12
"""Pixels above the figure, and beside and under it, which page.css takes off the page again."""
TITLE = 18
WIDE, WIDER = 960, 1280
"""Pixels of a picture, and of one of a figure that is wide."""
SCALE = 2


def titled(figure: Figure, title: str, lines: Sequence[str], look: Look) -> Figure:
    """Give a figure with a head above it: its title and what stands under it, a line each, on the ground of a card."""
    spec = figure.to_dict()
    layout, fits = spec["layout"], (WIDE - 2 * SIDE) / canvas.BODY
    named, under = canvas.literal(title), (canvas.literal(line) for line in lines)
    small = "".join(f"<br>{canvas.shortened(line, fits)}" for line in under)
    head = {
        "text": f'{canvas.bold(named)}<span style="font-size:{canvas.BODY}px;color:{look.muted}">{small}</span>',
        "font": {"size": TITLE, "color": look.ink},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"t": SIDE + TITLE / 2, "l": SIDE},
    }
    more = {"t": HEAD, "l": SIDE, "r": SIDE, "b": SIDE}
    margin = {**layout["margin"], **{side: layout["margin"].get(side, 0) + size for side, size in more.items()}}
    sized = {"height": layout["height"] + HEAD + SIDE, "margin": margin, "paper_bgcolor": look.surface}
    return Figure(spec["data"], {**layout, **sized, "title": head})


def variables(told: str) -> str:
    """Give what page.css needs of pictures: how high their head is, and what their button says."""
    return f":root {{ --picture-head: {HEAD}px; --picture-side: {SIDE}px; --picture: {css_text(told)}; }}\n"


def settings(name: str, *, wide: bool) -> dict[str, Any]:
    """Say how Plotly shows a figure: one button, which takes its picture as a file of this name."""
    picture = {"format": "png", "filename": name, "width": WIDER if wide else WIDE, "scale": SCALE}
    return {"modeBarButtons": [["toImage"]], "displaylogo": False, "responsive": True, "toImageButtonOptions": picture}
