"""Slides: what a page shows as native, editable PowerPoint objects, made of the very figure that the page draws.

Bars, areas, dots and lines are charts with their workbook inside; matrices and lists are tables; lines and texts are
lines and texts. Nothing is a picture, and neither a browser nor a network is needed.
"""

from pages.parts.slides.deck import charts_of, deck, is_matrix

__all__ = ["charts_of", "deck", "is_matrix"]
