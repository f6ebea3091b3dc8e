"""Figures of the grass roots: who came up from townships, from where their teams come, checks they met, their pay."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from data import month
from pages.exhibits import FIVE_YEARS, Asks, Exhibit, Scene, Tables, cited
from pages.parts import charts, numerals, rows
from pages.parts.charts import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class GrassScene(Scene):
    """What the reader has chosen beside the unit; `min_group` is the smallest group of which pay is shown."""

    year: int
    min_group: int

    @property
    def since(self) -> int:
        """The month from which moves are counted, YYYYMM."""
        return month.add(self.data_month, -FIVE_YEARS)


# --- what the page and the figures say alike ----------------------------------------------------------------------


def headline(scene: GrassScene, tables: Tables) -> str:
    """Say the finding: how many township principals went into the teams of city departments, and how checks went."""
    return scene.words("{unit}: {finding}").format(unit=scene.unit_name, finding=_rise(scene, tables["upward"]))


def standing(scene: GrassScene, tables: Tables) -> str:
    """Say in one line how many township principals rose, and how many townships met more checks than they may."""
    return scene.words(" · ").join([_rise(scene, tables["upward"]), *_above(scene, tables["burden"])])


def tally(scene: GrassScene, tables: Tables) -> str:
    """Say under the finding where townships earn less than their peers, and how many townships met more checks."""
    say, told = scene.words, []
    pay = tables["pay"].dropna(subset="pay_ahead")
    if len(pay):
        told.append(
            say("{year}: townships earn more at {n} of {all} levels of counties").format(
                year=scene.year, n=int((pay["pay_ahead"] > 0).sum()), all=len(pay)
            )
        )
    told += [
        say("{kind} {average} a township").format(
            kind=rows.code("check_kind", row["check_kind"], say), average=f"{row['average']:.1f}"
        )
        for row in tables["burden"].dropna(subset="average").to_dict("records")
    ]
    return say(" · ").join(told)


def counting(scene: GrassScene) -> str:
    """Say what is counted."""
    return scene.words(
        "moves by primary post · a township team is its leading posts; who comes from another township's team does not "
        "come in anew · checks and pay as units report them, pay as averages of a county, never of a person"
    )


def reading(scene: GrassScene) -> str:
    """Say how what was not reported is read."""
    return scene.words(
        "What was not reported is left out, not counted as none; growth is told of townships that reported both years."
    )


def evidence(scene: GrassScene, tables: Tables) -> Sequence[str]:
    """Say how it is counted and read, and the clauses that stand in the rows."""
    return (counting(scene), reading(scene), *cited(scene, tables))


def _rise(scene: GrassScene, upward: pd.DataFrame) -> str:
    return scene.words.count(
        "in five years {n} township principal rose to the team of a city department",
        "in five years {n} township principals rose to the teams of city departments",
        _risen(upward),
    )


def _risen(upward: pd.DataFrame) -> int:
    risen = upward[
        (upward["way"] == "up") & (upward["township_post"] == "principal") & upward["joins_team"].astype(bool)
    ]
    return int(risen.loc[risen["body"] == "municipal_department", "people"].sum())


def _tallied(scene: GrassScene, named: pd.DataFrame) -> Figure | None:
    """Draw counts, a row each: name, now."""
    if named.empty:
        return None
    return charts.tallies(named.assign(later=0, tone="blue"), look=scene.look, broken=True)


# --- promotion ----------------------------------------------------------------------------------------------------


def upward_asks(scene: GrassScene) -> Asks:
    """Ask for the moves of the last five years."""
    return {"upward": ("grass_roots/upward", {"since": scene.since, "until": scene.data_month, "unit": scene.unit})}


def _draw_upward(scene: GrassScene, tables: Tables) -> Figure | None:
    say, table = scene.words, tables["upward"]
    up = table[table["way"] == "up"]
    names = [
        say("{post} → {body}").format(
            post=rows.spoken(row["township_post"], say), body=rows.code("body", row["body"], say)
        )
        for row in up.to_dict("records")
    ]
    words = ["" if in_team else say("not in a team") for in_team in up["joins_team"]]
    return _tallied(scene, up.assign(name=names, now=up["people"], word=words))


def _upward_takeaway(scene: GrassScene, tables: Tables) -> str:
    say, table = scene.words, tables["upward"]
    up, down = (int(table.loc[table["way"] == way, "people"].sum()) for way in ("up", "down"))
    return say(
        "{up} moved out of townships and {down} into them; {risen} principals into the teams of city departments."
    ).format(up=numerals.whole(up), down=numerals.whole(down), risen=numerals.whole(_risen(table)))


# --- origins ------------------------------------------------------------------------------------------------------


def _draw_origin(scene: GrassScene, tables: Tables) -> Figure | None:
    table = tables["origin"]
    shown = table[table["reported"] > 0]
    reached = shown["career_staff"] + shown["village_cadre"] + shown["graduate_official"]
    if shown.empty:
        return None
    named = shown.assign(name=shown["year"].astype(str), reached=reached, people=shown["reported"])
    return charts.share_bars(named, say=scene.words, look=scene.look)


def _origin_takeaway(scene: GrassScene, tables: Tables) -> str:
    say, table = scene.words, tables["origin"]
    told = table[table["reported"] > 0]
    if told.empty:
        return say("No origins were reported.")
    last = told.iloc[-1]
    return say(
        "{year}: of {reported} reported, {career} career staff, {village} village cadres, {graduate} graduates."
    ).format(
        year=last["year"],
        reported=numerals.whole(last["reported"]),
        career=numerals.whole(last["career_staff"]),
        village=numerals.whole(last["village_cadre"]),
        graduate=numerals.whole(last["graduate_official"]),
    )


# --- checks -------------------------------------------------------------------------------------------------------


def _year_asks(scene: GrassScene, name: str) -> Asks:
    return {name: (f"grass_roots/{name}", {"year": scene.year, "unit": scene.unit})}


def burden_asks(scene: GrassScene) -> Asks:
    """Ask for the checks that townships reported."""
    return _year_asks(scene, "burden")


def _draw_burden(scene: GrassScene, tables: Tables) -> Figure | None:
    """Draw in how many of the townships that reported both years each kind grew."""
    say, table = scene.words, tables["burden"]
    shown = table[table["both"] > 0]
    if shown.empty:
        return None
    names = [rows.code("check_kind", kind, say) for kind in shown["check_kind"]]
    named = shown.assign(name=names, reached=shown["rising"], people=shown["both"])
    return charts.share_bars(named, say=say, look=scene.look, whole=say("townships"))


def _burden_takeaway(scene: GrassScene, tables: Tables) -> str:
    say, table = scene.words, tables["burden"]
    told = [
        say("{kind} {before} → {now}").format(
            kind=rows.code("check_kind", row["check_kind"], say),
            before=numerals.whole(row["items_before"]),
            now=numerals.whole(row["items_now"]),
        )
        for row in table[table["both"] > 0].to_dict("records")
    ]
    told += _above(scene, table)
    return say("; ").join(told) + say(".") if told else say("No checks were reported.")


def _above(scene: GrassScene, burden: pd.DataFrame) -> list[str]:
    """Say of each kind that has a most how many townships are above it, where any reported."""
    say, bound = scene.words, burden[burden["above"].notna() & (burden["reporting"] > 0)]
    kinds = [rows.code("check_kind", kind, say) for kind in bound["check_kind"]]
    return [
        say.count(
            "{n} township above the most of {kind} ({most})",
            "{n} townships above the most of {kind} ({most})",
            int(above),
            kind=kind,
            most=numerals.whole(most),
        )
        for kind, above, most in zip(kinds, bound["above"], bound["most"], strict=True)
    ]


def _burden_unit_takeaway(scene: GrassScene, tables: Tables) -> str:
    return scene.words.count(
        "{n} township reported more than before, or more than the most.",
        "{n} townships reported more than before, or more than the most.",
        tables["burden_unit"]["unit_id"].nunique(),
    )


# --- pay ----------------------------------------------------------------------------------------------------------


def pay_asks(scene: GrassScene) -> Asks:
    """Ask for pay beside county peers."""
    return {"pay": ("grass_roots/pay", {"year": scene.year, "min_group": scene.min_group, "unit": scene.unit})}


def _draw_pay(scene: GrassScene, tables: Tables) -> Figure | None:
    table = tables["pay"].dropna(subset="pay_ahead").sort_values("pay_ahead", kind="stable")
    if table.empty:
        return None
    names = [
        f"{unit} {rows.code('level', level, scene.words)}"
        for unit, level in zip(rows.names_apart(table), table["level"], strict=True)
    ]
    named = table.assign(
        unit=names, spare=table["pay_ahead"], status=["met" if ahead > 0 else "missed" for ahead in table["pay_ahead"]]
    )
    return charts.unit_bars(named, say=scene.words, look=scene.look)


def _pay_takeaway(scene: GrassScene, tables: Tables) -> str:
    say, table = scene.words, tables["pay"].dropna(subset="pay_ahead")
    if table.empty:
        return say("No pay was reported, or of too few people to be shown.")
    ahead = int((table["pay_ahead"] > 0).sum())
    worst = table.sort_values("pay_ahead", kind="stable").iloc[0]
    return say("Townships earn more at {n} of {all} levels of counties; {unit}, {level}: {yuan} yuan a year.").format(
        n=ahead,
        all=len(table),
        unit=worst["unit_name"],
        level=rows.code("level", worst["level"], say),
        yuan=numerals.signed(int(worst["pay_ahead"])),
    )


def _pay_evidence(scene: GrassScene, tables: Tables) -> Sequence[str]:
    hidden = scene.words("* Averages of fewer than {n} people are not shown.").format(n=scene.min_group)
    return (counting(scene), hidden, *cited(scene, tables))


# --- the exhibits -------------------------------------------------------------------------------------------------


def _year_and_unit(scene: GrassScene) -> str:
    return scene.words("{year} · {unit}").format(year=scene.year, unit=scene.unit_name)


UPWARD = Exhibit[GrassScene](
    "grass_roots/upward",
    lambda scene: scene.words("Up from townships"),
    lambda scene: scene.words("moves since {month} · {unit}").format(
        month=scene.words.month(scene.since), unit=scene.unit_name
    ),
    upward_asks,
    _upward_takeaway,
    _draw_upward,
    evidence,
)
ORIGIN = Exhibit[GrassScene](
    "grass_roots/origin",
    lambda scene: scene.words("From where township teams come"),
    lambda scene: scene.words("career staff, village cadres and graduates of those reported · {unit}").format(
        unit=scene.unit_name
    ),
    lambda scene: {"origin": ("grass_roots/origin", {"unit": scene.unit})},
    _origin_takeaway,
    _draw_origin,
    evidence,
)
BURDEN = Exhibit[GrassScene](
    "grass_roots/burden",
    lambda scene: scene.words("Checks and vetoes"),
    lambda scene: scene.words("{year} · townships with more than the year before").format(year=scene.year),
    burden_asks,
    _burden_takeaway,
    _draw_burden,
    evidence,
)
PAY = Exhibit[GrassScene](
    "grass_roots/pay",
    lambda scene: scene.words("Pay beside county peers"),
    lambda scene: scene.words("{year} · yuan a year more or less than in county departments, same level").format(
        year=scene.year
    ),
    pay_asks,
    _pay_takeaway,
    _draw_pay,
    _pay_evidence,
)
BURDEN_LIST = Exhibit[GrassScene](
    "grass_roots/burden_unit",
    lambda scene: scene.words("Where checks grew"),
    _year_and_unit,
    lambda scene: _year_asks(scene, "burden_unit"),
    _burden_unit_takeaway,
    evidence=evidence,
    listed=("unit_name", "check_kind", "items", "items_before", "most"),
)
EXHIBITS = (UPWARD, ORIGIN, BURDEN, PAY, BURDEN_LIST)
