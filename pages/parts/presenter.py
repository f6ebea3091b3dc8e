"""The presenter: keys, swipes and a few quiet buttons that lead through what is shown to a room.

An element for `st.components.v2.component(NAME, html=HTML, css=CSS, js=JS)`, fed with `led(...)`. A figure that is laid
already it shows at once; it says which one is looked at as state `at` (from 1) and how large the window is as `size`
([width, height]); `leave`, `lang` and `theme` are triggers. Figures lie in the containers `slot-0` to `slot-2`, the
figure `at` in that of its remainder by three, its last element naming it as `data-leaf`.
"""

from pathlib import Path
from typing import Any

from pages.parts.look import Say

NAME = "presenter"
HTML = '<div class="presenter"></div>'
CSS = (Path(__file__).parent / "presenter.css").read_text(encoding="utf-8")
JS = (Path(__file__).parent / "presenter.js").read_text(encoding="utf-8")


def led(at: int, count: int, say: Say) -> dict[str, Any]:
    """Give what the element is fed with: which figure of how many is looked at, and its words."""
    return {
        "at": at,
        "count": count,
        "words": {
            "before": say("Previous figure"),
            "next": say("Next figure"),
            "behind": say("Definition and source"),
            "blank": say("Blank the screen"),
            "full": say("Full screen"),
            "lang": say("Other language"),
            "theme": say("Light or dark"),
            "leave": say("Leave the presentation"),
            "waits": say("figure {n} is being worked out"),
        },
    }
