"""A briefing as one file that any browser opens, and as that file printed: figures stay lines and texts."""

from pages.parts.document.printer import browser, pdf
from pages.parts.document.written import html

__all__ = ["browser", "html", "pdf"]
