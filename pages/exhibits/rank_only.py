"""Figures of those who hold a rank and no leading post: how many, what is asked for them, how many there will be."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models import rates
from pages.exhibits import Asks, Exhibit, Scene, Tables, cited, nobody_moves
from pages.parts import charts, numerals, rows
from pages.parts.charts import Figure

YEARS_DRAWN = 6
TURNS = (1, 2)
STEPS = {"people": 1, "retiring": -1, "leaving": 1, "gone": -1, "then_people": 1}
"""What makes the people of now those of then, each with its sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankScene(Scene):
    """What the reader has chosen beside the unit.

    `side` is what people are told apart by, and `min_group` the smallest group of which care is shown.
    """

    year: int
    side: str
    min_group: int

    @property
    def running(self) -> bool:
        """Whether the year is not over."""
        return self.year * 100 + 12 > self.data_month

    @property
    def month(self) -> int:
        """The month that says who belongs to the year, YYYYMM."""
        return min(self.year * 100 + 12, self.data_month)


# --- what the page and the figures say alike ----------------------------------------------------------------------


def headline(scene: RankScene, stock: pd.DataFrame) -> str:
    """Say the finding: how many there are, and how many of them held a leading post."""
    return scene.words("{unit}, {month}: {finding}").format(
        unit=scene.unit_name, month=scene.words.month(scene.month), finding=_found(scene, stock)
    )


def tally(scene: RankScene, tables: Tables) -> str:
    """Say under the finding how far what is asked was reached, and what was not reported of the year."""
    say, asked = scene.words, _everyone(tables["asked"])
    told = _reached(scene, asked)
    if scene.running:
        told.append(say("the year runs, counted to {month}").format(month=say.month(scene.data_month)))
    lacking = [rows.code("aspect", aspect, say) for aspect in asked.loc[~asked["reported"].astype(bool), "aspect"]]
    if lacking:
        told.append(say("not reported: {items}").format(items=say.pick(", ", "、").join(lacking)))
    return say(" · ").join(told)


def standing(scene: RankScene, tables: Tables) -> str:
    """Say in one line how many there are, and how far what is asked of the year was reached, or has been so far."""
    say, reached = scene.words, _reached(scene, _everyone(tables["asked"]))
    if reached:
        dated = say("{year} so far: {found}") if scene.running else say("{year}: {found}")
        reached[0] = dated.format(year=scene.year, found=reached[0])
    return say(" · ").join([_found(scene, tables["stock"]), *reached])


def _found(scene: RankScene, stock: pd.DataFrame) -> str:
    whole = _whole(stock)
    if whole is None or not whole["people"]:
        return scene.words("nobody holds a counted rank without a leading post")
    return scene.words("{people} with a rank only, {down} of them from leading posts").format(
        people=numerals.whole(whole["people"]), down=numerals.whole(whole["stepped_down"])
    )


def _reached(scene: RankScene, asked: pd.DataFrame) -> list[str]:
    """Say of each thing asked the share that had as much, where it was reported."""
    say = scene.words
    return [
        say("{aspect} {share}").format(
            aspect=rows.code("aspect", row["aspect"], say), share=numerals.percent(row["share"])
        )
        for row in asked[asked["people"].notna()].to_dict("records")
    ]


def counting(scene: RankScene) -> str:
    """Say who is counted."""
    return scene.words(
        "people by primary post at the end of the year, in the running year at the data month, who hold no leading "
        "post and a rank that the rules count · from leading posts = held a leading primary post before"
    )


def reading(scene: RankScene) -> str:
    """Say how what was not reported is read."""
    return scene.words(
        "A task counts in every year in which it ran; what was not reported of a person counts as none, and a year of "
        "which nothing was reported is left out."
    )


def evidence(scene: RankScene, tables: Tables) -> Sequence[str]:
    """Say how it is counted and read, and the clauses that stand in the rows."""
    return (counting(scene), reading(scene), *cited(scene, tables))


def _whole(stock: pd.DataFrame) -> Mapping[Hashable, Any] | None:
    found = stock[stock["side"] == "all"].to_dict("records")
    return found[0] if found else None


def _everyone(asked: pd.DataFrame) -> pd.DataFrame:
    return asked[asked["side"] == "all"]


def _group(scene: RankScene, row: Mapping[Hashable, Any]) -> str:
    """Name the group of a row."""
    say = scene.words
    match str(row["side"]):
        case "all":
            return rows.spoken("rank_only", say)
        case "leading":
            return rows.spoken("leading", say)
        case "band":
            name = row[say.pick("band_en", "band_zh")]
            return say("age not known") if pd.isna(name) else str(name)
        case side:
            code = row[side]
            return say("not known") if pd.isna(code) else rows.code(side, str(code), say)


def _bars(scene: RankScene, named: pd.DataFrame) -> Figure | None:
    drawn = named[named["people"] > 0]
    return None if drawn.empty else charts.share_bars(drawn, say=scene.words, look=scene.look)


# --- how many -----------------------------------------------------------------------------------------------------


def _year_asks(scene: RankScene, name: str) -> Asks:
    return {name: (f"rank_only/{name}", {"year": scene.year, "unit": scene.unit})}


def _draw_stock(scene: RankScene, tables: Tables) -> Figure | None:
    table = tables["stock"]
    chosen = table[(table["side"] == scene.side) & (table["people"] > 0)]
    names = [_group(scene, row) for row in chosen.to_dict("records")]
    return _bars(scene, chosen.assign(name=names, reached=chosen["people"], people=chosen["in_post"]))


def _stock_takeaway(scene: RankScene, tables: Tables) -> str:
    say, table = scene.words, tables["stock"]
    whole = _whole(table)
    if whole is None or not whole["people"]:
        return say("Nobody holds a counted rank without a leading post.")
    named = [
        say("{series} {n}").format(series=rows.code("series", row["series"], say), n=numerals.whole(row["people"]))
        for row in table[(table["side"] == "series") & (table["people"] > 0)].to_dict("records")
    ]
    return say("{people} of {in_post} in post ({share}): {series}.").format(
        people=numerals.whole(whole["people"]),
        in_post=numerals.whole(whole["in_post"]),
        share=numerals.percent(whole["share"]),
        series=say.pick(", ", "、").join(named),
    )


def _draw_over_time(scene: RankScene, tables: Tables) -> Figure | None:
    table = tables["over_time"].tail(YEARS_DRAWN)
    return _bars(scene, table.assign(name=table["year"].astype(str), reached=table["stepped_down"]))


def _over_time_takeaway(scene: RankScene, tables: Tables) -> str:
    say, table = scene.words, tables["over_time"]
    if table.empty:
        return say("Nobody held a counted rank without a leading post in these years.")
    last = table.iloc[-1]
    return say("In {year} {came} came and {went} went; {people} in {month}.").format(
        year=last["year"],
        month=say.month(int(last["month"])),
        came=numerals.whole(last["came"]),
        went=numerals.whole(last["went"]),
        people=numerals.whole(last["people"]),
    )


# --- what is asked ------------------------------------------------------------------------------------------------


def _draw_asked(scene: RankScene, tables: Tables) -> Figure | None:
    table = tables["asked"]
    chosen = table[table["side"].isin(["all", "leading", scene.side]) & table["people"].notna()]
    if chosen.empty:
        return None
    low, high = rates.wilson(chosen["met"].to_numpy(), chosen["people"].to_numpy())
    cells = chosen.assign(
        item=[rows.code("aspect", aspect, scene.words) for aspect in chosen["aspect"]],
        group=[_group(scene, row) for row in chosen.to_dict("records")],
        column=chosen["side"].map({"all": 0, "leading": 1}).fillna(2),
        full_use=chosen["met"],
        low=low,
        high=high,
        suppressed=False,
    )
    row_of = {aspect: place for place, aspect in enumerate(dict.fromkeys(chosen["aspect"]))}
    ordered = cells.assign(row=cells["aspect"].map(row_of)).sort_values(["row", "column"], kind="stable")
    return charts.uptake(ordered, say=scene.words, look=scene.look)


def _asked_takeaway(scene: RankScene, tables: Tables) -> str:
    say, table = scene.words, tables["asked"]
    everyone = _everyone(table)
    known = everyone[everyone["people"].notna()]
    if known.empty:
        return say("Nothing of what is asked was reported.")
    told = [
        say("{aspect}: {left} of {people} without").format(
            aspect=rows.code("aspect", row["aspect"], say),
            left=numerals.whole(row["people"] - row["met"]),
            people=numerals.whole(row["people"]),
        )
        for row in known.to_dict("records")
    ]
    return say("; ").join(told) + say(".")


def _draw_task(scene: RankScene, tables: Tables) -> Figure | None:
    table = tables["task"]
    names = [rows.code("task_kind", kind, scene.words) for kind in table["task_kind"]]
    return _bars(scene, table.assign(name=names, reached=table["tasked"]))


def _task_takeaway(scene: RankScene, tables: Tables) -> str:
    say, table = scene.words, tables["task"]
    if table.empty:
        return say("No tasks were reported.")
    most = table.iloc[0]
    return say("Most have {task} ({share}); several kinds count each.").format(
        task=rows.code("task_kind", most["task_kind"], say), share=numerals.percent(most["share"])
    )


def _care_asks(scene: RankScene) -> Asks:
    return {"care": ("rank_only/care", {"year": scene.year, "min_group": scene.min_group, "unit": scene.unit})}


def _draw_care(scene: RankScene, tables: Tables) -> Figure | None:
    table, say = tables["care"], scene.words
    if table.empty:
        return None
    low, high = rates.wilson(table["full_use"].to_numpy(float, na_value=0), table["people"].to_numpy(float, na_value=1))
    cells = table.assign(
        item=[rows.code("item", item, say) for item in table["item"]],
        group=[rows.spoken(code, say) for code in table["kept_as"]],
        low=low,
        high=high,
    )
    return charts.uptake(cells, say=say, look=scene.look)


def _care_takeaway(scene: RankScene, tables: Tables) -> str:
    say, table = scene.words, tables["care"]
    pairs = []
    for item in dict.fromkeys(table["item"]):
        shares = table[table["item"] == item].set_index("kept_as")["share"]
        if shares.reindex(["rank_only", "leading"]).notna().all():
            pairs.append(
                say("{item}: {share}, leading posts {other}").format(
                    item=rows.code("item", item, say),
                    share=numerals.percent(shares["rank_only"]),
                    other=numerals.percent(shares["leading"]),
                )
            )
    return say("; ").join(pairs) + say(".") if pairs else say("There are too few to compare, or nothing was reported.")


def _care_evidence(scene: RankScene, tables: Tables) -> Sequence[str]:
    hidden = scene.words(
        "* Groups under {n} people are not shown, nor the next smallest where a total would give them away."
    ).format(n=scene.min_group)
    return (counting(scene), hidden, *cited(scene, tables))


# --- how many there will be ---------------------------------------------------------------------------------------


def ahead_asks(scene: RankScene) -> Asks:
    """Ask what the next two term changes make of it, from the data month on."""
    return {"ahead": ("rank_only/ahead", {"as_of": scene.data_month, "unit": scene.unit})}


def _sums(tables: Tables, turn: int) -> dict[str, int]:
    table = tables["ahead"]
    here = table[table["turn"] == turn]
    return {step: int(here[step].sum()) for step in (*STEPS, "unknown")}


def _last_turn(tables: Tables) -> int:
    return int(tables["ahead"]["turn"].max())


def _draw_ahead(scene: RankScene, tables: Tables) -> Figure | None:
    if tables["ahead"].empty:
        return None
    say, sums = scene.words, _sums(tables, _last_turn(tables))
    names = {
        "people": say("now"), "retiring": say("retire"), "leaving": say("leave leading posts"),
        "gone": say("of them retire too"), "then_people": say("then"),
    }  # fmt: skip
    table = pd.DataFrame(
        [(step, names[step], sign * sums[step]) for step, sign in STEPS.items()], columns=["step", "name", "people"]
    )
    return charts.bridge(table, say=say, look=scene.look)


def _ahead_takeaway(scene: RankScene, tables: Tables) -> str:
    say, table = scene.words, tables["ahead"]
    if table.empty:
        return say("No term change lies ahead.")
    told = []
    for turn in TURNS:
        here = table[table["turn"] == turn]
        if here.empty:
            continue
        sums = _sums(tables, turn)
        told.append(
            say(
                "by the term changes of {first} to {last}: leaving leading posts {leaving}, with a rank only {then}"
            ).format(
                first=say.month(int(here["first_month"].min())),
                last=say.month(int(here["last_month"].max())),
                leaving=numerals.whole(sums["leaving"]),
                then=numerals.whole(sums["then_people"]),
            )
        )
    said = say("; ").join(told)
    return said[:1].upper() + said[1:] + say(".")


def _ahead_evidence(scene: RankScene, tables: Tables) -> Sequence[str]:
    say = scene.words
    unknown = max((_sums(tables, turn)["unknown"] for turn in TURNS), default=0)
    told = [
        nobody_moves(scene),
        say(
            "each at the term change of their tier and organ · leave leading posts = reach the age line of the post, "
            "which is left with the rank kept · retire = reach the statutory month"
        ),
    ]
    if unknown:
        told.append(
            say.count(
                "{n} person whose month nothing tells stays", "{n} people whose month nothing tells stay", unknown
            )
        )
    return (*told, *cited(scene, tables))


def _by_unit_takeaway(scene: RankScene, tables: Tables) -> str:
    table = tables["by_unit"]
    some = int((table["share"] < 1).sum())
    return scene.words.count(
        "{n} unit has somebody with fewer tasks than are asked.",
        "{n} units have somebody with fewer tasks than are asked.",
        some,
    )


def _idle_takeaway(scene: RankScene, tables: Tables) -> str:
    return scene.words.count(
        "{n} person has fewer tasks than are asked.",
        "{n} people have fewer tasks than are asked.",
        len(tables["idle_person"]),
    )


# --- the exhibits -------------------------------------------------------------------------------------------------


def _year_and_unit(scene: RankScene) -> str:
    return scene.words("{year} · {unit}").format(year=scene.year, unit=scene.unit_name)


STOCK = Exhibit[RankScene](
    "rank_only/stock",
    lambda scene: scene.words("How many, and where"),
    lambda scene: scene.words("{month} · with a rank only, of everyone in post").format(
        month=scene.words.month(scene.month)
    ),
    lambda scene: _year_asks(scene, "stock"),
    _stock_takeaway,
    _draw_stock,
    evidence,
)
OVER_TIME = Exhibit[RankScene](
    "rank_only/over_time",
    lambda scene: scene.words("Year by year"),
    lambda scene: scene.words("with a rank only, and of them from leading posts · {unit}").format(unit=scene.unit_name),
    lambda scene: {"over_time": ("rank_only/over_time", {"unit": scene.unit})},
    _over_time_takeaway,
    _draw_over_time,
    evidence,
)
ASKED = Exhibit[RankScene](
    "rank_only/asked",
    lambda scene: scene.words("Tasks, assessment and training"),
    lambda scene: scene.words("{year} · share that had as much as is asked").format(year=scene.year),
    lambda scene: _year_asks(scene, "asked"),
    _asked_takeaway,
    _draw_asked,
    evidence,
    wide=True,
)
TASK = Exhibit[RankScene](
    "rank_only/task",
    lambda scene: scene.words("Kinds of task"),
    _year_and_unit,
    lambda scene: _year_asks(scene, "task"),
    _task_takeaway,
    _draw_task,
    evidence,
)
CARE = Exhibit[RankScene](
    "rank_only/care",
    lambda scene: scene.words("Care beside that of leading posts"),
    lambda scene: scene.words("{year} · used in full by those entitled").format(year=scene.year),
    _care_asks,
    _care_takeaway,
    _draw_care,
    _care_evidence,
)
AHEAD = Exhibit[RankScene](
    "rank_only/ahead",
    lambda scene: scene.words("The next two term changes"),
    lambda scene: scene.words("people with a rank only, now and at the later term change · {unit}").format(
        unit=scene.unit_name
    ),
    ahead_asks,
    _ahead_takeaway,
    _draw_ahead,
    _ahead_evidence,
)
UNITS = Exhibit[RankScene](
    "rank_only/by_unit",
    lambda scene: scene.words("Unit by unit"),
    _year_and_unit,
    lambda scene: _year_asks(scene, "by_unit"),
    _by_unit_takeaway,
    evidence=evidence,
    listed=("unit_name", "people", "stepped_down", "tasked", "share"),
)
IDLE_LIST = Exhibit[RankScene](
    "rank_only/idle_person",
    lambda scene: scene.words("Who has no task"),
    _year_and_unit,
    lambda scene: _year_asks(scene, "idle_person"),
    _idle_takeaway,
    evidence=evidence,
    listed=("name", "unit_name", "post", "since_month", "times"),
)
EXHIBITS = (STOCK, OVER_TIME, AHEAD, ASKED, TASK, CARE, UNITS, IDLE_LIST)
