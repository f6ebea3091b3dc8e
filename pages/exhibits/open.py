"""Open figures: round numbers of people, clocks, grades and welfare for those who may see no exact ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pages.exhibits import Asks, Exhibit, Scene, Tables, cited
from pages.parts import charts, numerals, rows
from pages.parts.charts import Figure
from pages.parts.charts.canvas import bold

WITHHELD = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenScene(Scene):
    """What the reader of open figures has chosen: `as_of` is a published month, the filters are codes, None for all.

    `at_month` is the quarter whose people are counted: another than `as_of` at a term change to come. `year` is the
    last with grades and welfare, None before the first; `first` and `last` are the ends of the series. `base` and
    `least` are what cells are rounded to and the smallest number shown.
    """

    at_month: int
    year: int | None
    first: int
    last: int
    body: str | None
    level: str | None
    sex: str | None
    band: str | None
    band_name: str
    base: int
    least: int

    def who(self, *names: str) -> str:
        """Whom the filters of some names leave, in words."""
        told = {name: rows.code(name, code, self.words) for name, code in self.codes("body", "level", "sex").items()}
        told["band"] = self.band_name
        chosen = [told[name] for name in names if told.get(name)]
        return self.words.pick(", ", "、").join(chosen) or self.words("Everyone")

    def codes(self, *names: str) -> dict[str, str]:
        """The filters of some names that are chosen."""
        return {name: getattr(self, name) for name in names if getattr(self, name)}


# --- what the page and the figures say alike ------------------------------------------------------------------------


def headline(scene: OpenScene, people: pd.DataFrame) -> str:
    """Say the finding: about how many people there are, and what part of them are women."""
    say, number, women = scene.words, _whole(people), _of_sex(people, "female")
    if number is None:
        found = say("too few people to be shown, or none")
    elif women is None or scene.sex:
        found = say("about {n} people in post").format(n=numerals.whole(number))
    else:
        found = say("about {n} people in post, women {share}").format(
            n=numerals.whole(number), share=numerals.percent(women / number, places=0)
        )
    return say("{who}: {found}").format(who=scene.who("body", "level", "sex", "band"), found=found)


def counted_at(scene: OpenScene) -> str:
    """Say of when the people are, and how they are rounded."""
    say = scene.words
    at = say("people of {month}").format(month=say.month(scene.at_month))
    if scene.at_month != scene.as_of:
        at = say("people of {month}, ages at {term} if nobody moves").format(
            month=say.month(scene.at_month), term=say.month(scene.as_of)
        )
    return say(" · ").join([at, rounding(scene)])


def rounding(scene: OpenScene) -> str:
    """Say how the figures are rounded and what is not shown."""
    return scene.words(
        "sums of cells rounded to {base}, which need not fit other sources; * is under {least}, few and none alike"
    ).format(base=scene.base, least=scene.least)


def why_refused(scene: OpenScene, allowed: int) -> str:
    """Say that more filters are chosen than are allowed at once."""
    return scene.words(
        "At most {n} filters at once beside the month, so that nobody can be told from the figures: take one out."
    ).format(n=allowed)


def evidence(scene: OpenScene, tables: Tables) -> Sequence[str]:
    """Say how it is rounded, and the clause that stands in the rows."""
    return (rounding(scene), *cited(scene, tables))


def _whole(people: pd.DataFrame) -> int | None:
    return _shown(people.loc[people["side"] == "all", "rounded"])


def _of_sex(people: pd.DataFrame, sex: str) -> int | None:
    return _shown(people.loc[(people["side"] == "sex") & (people["sex"] == sex), "rounded"])


def _shown(numbers: "pd.Series[Any]") -> int | None:
    told = numbers.dropna()
    return None if told.empty else int(told.iloc[0])


def _tallied(scene: OpenScene, table: pd.DataFrame, names: Sequence[str], tone: str = "blue") -> Figure:
    """Draw round numbers as bars, each with its share; what is withheld as its sign alone."""
    texts = [
        WITHHELD
        if pd.isna(number)
        else "  ".join([bold(numerals.whole(number)), "" if pd.isna(share) else numerals.percent(share, places=0)])
        for number, share in zip(table["rounded"], table["rounded_share"], strict=True)
    ]
    drawn = pd.DataFrame({"name": names, "now": table["rounded"].fillna(0).astype(int).tolist(), "text": texts})
    return charts.tallies(drawn.assign(later=0, tone=tone), look=scene.look)


def _most(scene: OpenScene, table: pd.DataFrame, name: str) -> str:
    """Name the largest group of a side; say where none can be shown."""
    say, told = scene.words, table.dropna(subset=["rounded", name])
    if told.empty:
        return say("Nothing of this can be shown.")
    most = told.sort_values("rounded", ascending=False, kind="stable").iloc[0]
    return say("Most are in: {name}, about {n}.").format(
        name=rows.code(name, most[name], say), n=numerals.whole(most["rounded"])
    )


def _named(scene: OpenScene, table: pd.DataFrame, name: str) -> list[str]:
    unknown = scene.words("not known")
    return [unknown if pd.isna(code) else rows.code(name, str(code), scene.words) for code in table[name]]


# --- people ---------------------------------------------------------------------------------------------------------


def _filtered(scene: OpenScene) -> dict[str, Any]:
    return {"as_of": scene.as_of, **scene.codes("body", "level", "sex", "band")}


def people_asks(scene: OpenScene) -> Asks:
    """What the finding, the bodies and the levels are told from."""
    return {"people": ("open/people", _filtered(scene))}


def _side(tables: Tables, side: str) -> pd.DataFrame:
    table = tables["people"]
    return table[table["side"] == side]


def _draw_side(scene: OpenScene, tables: Tables, side: str) -> Figure:
    table = _side(tables, side)
    return _tallied(scene, table, _named(scene, table, side))


def _ladder_asks(scene: OpenScene) -> Asks:
    return {"ladder": ("open/ladder", _filtered(scene))}


def _draw_ladder(scene: OpenScene, tables: Tables) -> Figure:
    table = tables["ladder"]
    people = table["rounded"].fillna(0).astype(int)
    drawn = table.assign(name=table[scene.words.pick("band_en", "band_zh")], people=people, people_today=people)
    return charts.ladder(drawn, say=scene.words, look=scene.look, few=WITHHELD)


def _ladder_takeaway(scene: OpenScene, tables: Tables) -> str:
    say, table = scene.words, tables["ladder"]
    by_band = table.groupby(scene.words.pick("band_en", "band_zh"), sort=False)["rounded"].sum(min_count=1).dropna()
    if by_band.empty:
        return say("Nothing of this can be shown.")
    return say("Most are {band}: about {n}.").format(band=by_band.idxmax(), n=numerals.whole(by_band.max()))


# --- the series -----------------------------------------------------------------------------------------------------


def _series(scene: OpenScene) -> dict[str, str]:
    """The filters of the part whose share is drawn: women, where neither sex nor age is chosen."""
    return scene.codes("sex", "band") or {"sex": "female"}


def _series_asks(scene: OpenScene) -> Asks:
    given = {"since": scene.first, "until": scene.last, **scene.codes("body", "level"), **_series(scene)}
    return {"share": ("open/share_over_time", given)}


def _series_title(scene: OpenScene) -> str:
    say, part = scene.words, _series(scene)
    sexes = {"female": say("women"), "male": say("men")}
    named = filter(None, [sexes.get(part.get("sex", "")), scene.band_name if "band" in part else None])
    return say("Share of {band}").format(band=say.pick(", ", "、").join(named))


def _draw_series(scene: OpenScene, tables: Tables) -> Figure | None:
    table = tables["share"].dropna(subset=["rounded_share"])
    if table.empty:
        return None
    drawn = table.assign(share=table["rounded_share"], have=table["rounded"], needed=None, target_share=None)
    last_quarter = int(tables["share"].loc[~tables["share"]["is_ahead"], "month"].max())
    return charts.over_time(drawn, say=scene.words, look=scene.look, as_of=scene.as_of, data_month=last_quarter)


def _series_takeaway(scene: OpenScene, tables: Tables) -> str:
    say, told = scene.words, tables["share"].dropna(subset=["rounded_share"])
    if told.empty:
        return say("Nothing of this can be shown.")
    first, last = told.iloc[0], told.iloc[-1]
    return say("From {before} in {since} to {now} in {until}.").format(
        before=numerals.percent(first["rounded_share"], places=0),
        since=say.month(int(first["month"])),
        now=numerals.percent(last["rounded_share"], places=0),
        until=say.month(int(last["month"])),
    )


# --- clocks, grades, welfare ----------------------------------------------------------------------------------------


def _overdue_asks(scene: OpenScene) -> Asks:
    return {"people": ("open/overdue", {"as_of": scene.as_of, **scene.codes("body", "level")})}


def _overdue_takeaway(scene: OpenScene, tables: Tables) -> str:
    say, table = scene.words, tables["people"]
    number = _whole(table)
    if number is None:
        return say("Nothing of this can be shown.")
    share = table.loc[table["side"] == "all", "rounded_share"].iloc[0]
    return say("About {n} people's clock has run out, {share} of those in post.").format(
        n=numerals.whole(number), share="*" if pd.isna(share) else numerals.percent(share)
    )


def _grade_asks(scene: OpenScene) -> Asks:
    return {"grade": ("open/grade", {"year": _year(scene), **scene.codes("level")})}


def _draw_grade(scene: OpenScene, tables: Tables) -> Figure:
    table = tables["grade"]
    return _tallied(scene, table, _named(scene, table, "grade"))


def _grade_takeaway(scene: OpenScene, tables: Tables) -> str:
    say, table = scene.words, tables["grade"]
    best = table.loc[table["grade"] == "excellent", "rounded_share"].dropna()
    if best.empty:
        return say("Nothing of this can be shown.")
    return say("{share} were graded excellent.").format(share=numerals.percent(best.iloc[0]))


def _welfare_asks(scene: OpenScene) -> Asks:
    return {"welfare": ("open/welfare", {"year": _year(scene), **scene.codes("sex")})}


def _items(scene: OpenScene, tables: Tables) -> pd.DataFrame:
    table = tables["welfare"]
    return table[table["sex"].isna()] if not scene.sex else table


def _draw_welfare(scene: OpenScene, tables: Tables) -> Figure | None:
    table = _items(scene, tables)
    if table.empty:
        return None
    signs = str.maketrans("<>", "＜＞")  # in a figure < would begin a tag
    told = [text.translate(signs) for text in table["told_share"]]
    drawn = table.assign(name=rows.items_named(table, scene.words), text=told)
    return charts.shares(drawn, say=scene.words, look=scene.look)


def _welfare_takeaway(scene: OpenScene, tables: Tables) -> str:
    say, table = scene.words, _items(scene, tables)
    told = table[(table["claim"] == "due") & table["low"].notna()]
    if told.empty:
        return say("Nothing of this can be shown.")
    least = told.sort_values("high", kind="stable").iloc[0]
    return say("Least used of what is due: {item}, {share}.").format(
        item=rows.code("item", least["item"], say), share=least["told_share"]
    )


def _at(scene: OpenScene) -> str:
    return scene.words("people, rounded · {month}").format(month=scene.words.month(scene.as_of))


def _at_of(scene: OpenScene, *names: str) -> str:
    """Say the month and whom a figure is about that takes only some of the filters."""
    return scene.words(" · ").join([_at(scene), scene.who(*names)])


def _year(scene: OpenScene) -> int:
    return scene.year or scene.as_of // 100


LADDER = Exhibit[OpenScene](
    "open/ladder",
    lambda scene: scene.words("Age ladder"),
    _at,
    _ladder_asks,
    _ladder_takeaway,
    _draw_ladder,
    evidence,
)
SERIES = Exhibit[OpenScene](
    "open/share_over_time",
    _series_title,
    lambda scene: scene.words("of the body and level chosen · ends of quarters, then the term changes if nobody moves"),
    _series_asks,
    _series_takeaway,
    _draw_series,
    evidence,
)
BODIES = Exhibit[OpenScene](
    "open/bodies",
    lambda scene: scene.words("Kinds of body"),
    _at,
    people_asks,
    lambda scene, tables: _most(scene, _side(tables, "body"), "body"),
    lambda scene, tables: _draw_side(scene, tables, "body"),
    evidence,
)
LEVELS = Exhibit[OpenScene](
    "open/levels",
    lambda scene: scene.words("Levels"),
    _at,
    people_asks,
    lambda scene, tables: _most(scene, _side(tables, "level"), "level"),
    lambda scene, tables: _draw_side(scene, tables, "level"),
    evidence,
)
OVERDUE = Exhibit[OpenScene](
    "open/overdue",
    lambda scene: scene.words("Rotation clocks that have run out"),
    lambda scene: _at_of(scene, "body", "level"),
    _overdue_asks,
    _overdue_takeaway,
    lambda scene, tables: _draw_side(scene, tables, "body"),
    evidence,
)
GRADES = Exhibit[OpenScene](
    "open/grade",
    lambda scene: scene.words("Grades of the year"),
    lambda scene: scene.words("{year} · people, rounded · {who}").format(year=_year(scene), who=scene.who("level")),
    _grade_asks,
    _grade_takeaway,
    _draw_grade,
    evidence,
)
WELFARE = Exhibit[OpenScene](
    "open/welfare",
    lambda scene: scene.words("Welfare and care"),
    lambda scene: scene.words("{year} · share of those entitled who used all · {who}").format(
        year=_year(scene), who=scene.who("sex")
    ),
    _welfare_asks,
    _welfare_takeaway,
    _draw_welfare,
    evidence,
)
EXHIBITS = (LADDER, SERIES, BODIES, LEVELS, OVERDUE, GRADES, WELFARE)
