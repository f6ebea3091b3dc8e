"""Briefings to be printed in every way: all that can be shown, for whoever reads it."""

from pathlib import Path

from data.access import EVERY_UNIT, LOCAL, Viewer
from data.store import Store
from pages.parts import answers, briefing, words
from pages.parts.briefing import Briefing, Item, Leaf, Template
from pages.parts.charts import Figure
from pages.parts.scenes import Scenes

GUEST = Viewer("guest", (EVERY_UNIT,), may=frozenset({"read"}))
MEMBERS = Path(__file__).parent / "cadre" / "member.csv"
NAMES = [line.split(",")[1] for line in MEMBERS.read_text(encoding="utf-8").splitlines()[1:]]
ON_PAGES_ONLY = {"outlook/ledger"}
"""What a page draws by an element of its own, and a briefing does not show."""
EVERYTHING = Template(
    "all",
    "Everything",
    "全部",
    [Item(name, {}, may_lack=True) for name in briefing.EXHIBITS if name not in ON_PAGES_ONLY],
)
TWO = Template("two", "Two", "二", [Item("age_ladder/ladder", {}), Item("age_ladder/quota", {})])


def made(store: Store, template: Template, viewer: Viewer = LOCAL, language: str = "zh_CN") -> Briefing:
    """A briefing of the data month."""
    here = answers.reader(store, viewer, words.of(language))
    return briefing.made(template, Scenes(here, here.data_month))


def leaf_of(figure: Figure, title: str = "空") -> Leaf:
    """A page of a briefing with a figure of our own."""
    return Leaf("age_ladder/ladder", "结论", title, "", figure, None, [], [], {})
