"""The reserve's figures: enough for the posts that fall vacant, its ages, what is still required, who came and went."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models import rates
from pages.exhibits import Asks, Exhibit, Scene, Tables, cited
from pages.exhibits.welfare import SIDES
from pages.parts import charts, numerals, rows
from pages.parts.charts import Figure
from pages.parts.look import GLYPH

SHAPE_SIDES = ("band", *(side for side in SIDES if side != "band"))
"""What the reserve can be told apart by, ages at the term change first."""
SIGNS = {"empty": "missed", "thin": "at_risk", "enough": "met"}
TONES = {"empty": "vermilion", "thin": "ochre", "enough": "pine", "not_needed": "slate"}
OUT = ("appointed", "aged", "adjusted", "otherwise")
LONG_WAIT = 3
"""Years still needed from which they are told together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveScene(Scene):
    """What the reader of the reserve has chosen beside the unit.

    `until` is the month that age, years and vacancies are counted at, None for the next term change of each kind;
    `reserve` the kind of post that comings and goings and the list are about, None for all; `year` that of the comings
    and goings; `side` what people are told apart by.
    """

    until: int | None
    reserve: str | None
    year: int
    side: str


# --- what the page and the figures say alike --------------------------------------------------------------------------


def asked(scene: ReserveScene, name: str) -> Asks:
    """Ask one of the questions that look from the month to the date."""
    return {name: (f"reserve/{name}", {"as_of": scene.as_of, "until": scene.until, "unit": scene.unit})}


def named(scene: ReserveScene, code: Any) -> str:
    """Name a kind of post."""
    return rows.code("reserve", str(code), scene.words)


def headline(scene: ReserveScene, echelon: pd.DataFrame) -> str:
    """Say the finding: for which kinds of post the reserve is empty, thin or enough."""
    found = _found(scene, echelon)
    if scene.unit and echelon["people"].sum():
        return scene.words("{unit}: {found}").format(unit=scene.unit_name, found=found)
    return found[:1].upper() + found[1:]


def standing(scene: ReserveScene, echelon: pd.DataFrame) -> str:
    """Say in one line among those of other topics what lacks, or else what there is."""
    found = scene.words("; ").join(_lacking(scene, echelon)) or _found(scene, echelon)
    return scene.words("reserve: {found}").format(found=found) if echelon["people"].sum() else found


def _found(scene: ReserveScene, echelon: pd.DataFrame) -> str:
    say, told = scene.words, _lacking(scene, echelon)
    if not echelon["people"].sum():
        return say("No reserve of {unit} was reported").format(unit=scene.unit_name)
    if enough := int((echelon["finding"] == "enough").sum()):
        told.append(say.count("enough for {n} kind of post", "enough for {n} kinds of post", enough))
    return say("; ").join(told) or say("no post that the reserve is for falls vacant")


def _lacking(scene: ReserveScene, echelon: pd.DataFrame) -> list[str]:
    """Name the kinds of post for which nobody, and for which too few are ready."""
    say = scene.words
    return [
        say("{finding}: {names}").format(
            finding=rows.spoken(finding, say),
            names=say.pick(", ", "、").join(named(scene, code) for code in found["reserve"]),
        )
        for finding in ("empty", "thin")
        if len(found := echelon[echelon["finding"] == finding])
    ]


def tally(scene: ReserveScene, echelon: pd.DataFrame) -> str:
    """Say under the finding how many stays there are, and of how many the file should be looked at again."""
    say = scene.words
    told = [
        say("{n} stays in the reserve").format(n=numerals.whole(echelon["people"].sum())),
        say("to be reviewed: {holds} hold such a post already, {over} are past the age line then").format(
            holds=numerals.whole(echelon["holds"].sum()), over=numerals.whole(echelon["over_line"].sum())
        ),
    ]
    return say(" · ").join(told)


def counting(scene: ReserveScene) -> str:
    """Say how people, ages, years and vacancies are counted."""
    return scene.words(
        "people by primary post, once for each kind they are kept for · age, years and vacancies at the term change of "
        "each kind's tier unless another month is chosen · as if nobody moved until then"
    )


def reading(scene: ReserveScene) -> str:
    """Say what is not counted."""
    return scene.words(
        "Vacant are approved posts that nobody holds and those whose holders retire or pass the age line of the post "
        "by then; moves and terms of office would add more. Nobody is placed before another."
    )


def evidence(scene: ReserveScene, tables: Tables) -> Sequence[str]:
    """Say how it is counted and read, and the clauses that stand in the rows."""
    return (counting(scene), reading(scene), *cited(scene, tables))


def _at(scene: ReserveScene) -> str:
    say = scene.words
    when = say("at the next term change") if scene.until is None else say.month(scene.until)
    return say("{when} · {unit}").format(when=when, unit=scene.unit_name)


def _nothing(scene: ReserveScene) -> str:
    return scene.words("No reserve was reported.")


# --- enough for what falls vacant -------------------------------------------------------------------------------------


def _draw_echelon(scene: ReserveScene, tables: Tables) -> Figure | None:
    table = tables["echelon"]
    if not table["people"].sum():
        return None
    drawn = table.assign(
        name=[named(scene, code) for code in table["reserve"]],
        now=table["ready"],
        later=(table["needed"] - table["ready"]).clip(lower=0),
        tone=table["finding"].map(TONES),
        text=[_of_needed(scene, row) for row in table.to_dict("records")],
    )
    return charts.tallies(drawn, look=scene.look, broken=True)


def _of_needed(scene: ReserveScene, row: Mapping[Hashable, Any]) -> str:
    """Say "3 / 8 ▲ thin": so many ready, of so many needed."""
    finding = str(row["finding"])
    sign = GLYPH[SIGNS[finding]] + " " if finding in SIGNS else ""
    return (
        f"{numerals.whole(row['ready'])} / {numerals.whole(row['needed'])}  {sign}{rows.spoken(finding, scene.words)}"
    )


def _echelon_takeaway(scene: ReserveScene, tables: Tables) -> str:
    say, table = scene.words, tables["echelon"]
    short = table[table["finding"].isin(("empty", "thin"))]
    if not table["people"].sum():
        return _nothing(scene)
    vacant = int((table["empty_posts"] + table["falling"]).sum())
    said = say(
        "{vacant} posts are or fall vacant; {ready} people in the reserve could be appointed to its posts."
    ).format(vacant=numerals.whole(vacant), ready=numerals.whole(table["ready"].sum()))
    if short.empty:
        return said
    told = [
        say("{name} ({n})").format(name=named(scene, row["reserve"]), n=numerals.whole(row["needed"] - row["ready"]))
        for row in short.to_dict("records")
    ]
    return said + " " * (say.language == "en") + say("Lacking: {names}.").format(names=say.pick(", ", "、").join(told))


# --- its shape --------------------------------------------------------------------------------------------------------


def _side_asks(scene: ReserveScene) -> Asks:
    return asked(scene, "people")


def _group(scene: ReserveScene, row: Mapping[Hashable, Any]) -> str:
    say, side = scene.words, str(row["side"])
    if side == "band":
        name = row[say.pick("band_en", "band_zh")]
        return say("age not known") if pd.isna(name) else str(name)
    return say("not known") if pd.isna(row[side]) else rows.code(side, str(row[side]), say)


def _draw_people(scene: ReserveScene, tables: Tables) -> Figure | None:
    table = tables["people"]
    if table.empty:
        return None
    chosen = table[table["side"] == scene.side]
    groups = [_group(scene, row) for row in chosen.to_dict("records")]
    kinds = chosen["reserve"].drop_duplicates().tolist()
    cells = chosen.assign(
        row=[named(scene, code) for code in chosen["reserve"]],
        column=groups,
        detail=[numerals.percent(share) for share in chosen["share"]],
        kind_place=chosen["reserve"].map(kinds.index),
        group_place=_places(scene, chosen, groups),
    )
    return charts.coverage(_whole_grid(cells), say=scene.words, look=scene.look)


def _places(scene: ReserveScene, chosen: pd.DataFrame, groups: Sequence[str]) -> list[int]:
    """Give the place of each group: ages as they rise, codes in the order of the contract, what is not known last."""
    if scene.side == "band":
        bands = sorted(set(chosen["band_id"]) - {"unknown"}, key=lambda code: (code != "to_30", code))
        order = [*bands, "unknown"]
        return [order.index(str(code)) for code in chosen["band_id"]]
    known = list(rows.codes(scene.side, scene.words).values())
    return [known.index(group) if group in known else len(known) for group in groups]


def _whole_grid(cells: pd.DataFrame) -> pd.DataFrame:
    """Add the cells of nobody, in the order of kinds and groups."""
    kinds = cells.drop_duplicates("row").sort_values("kind_place")["row"]
    groups = cells.drop_duplicates("column").sort_values("group_place")["column"]
    every = pd.MultiIndex.from_product([kinds, groups], names=["row", "column"])
    grid = cells.set_index(["row", "column"])[["people", "detail"]].reindex(every)
    return grid.assign(people=grid["people"].fillna(0).astype(int), detail=grid["detail"].fillna("")).reset_index()


def _people_takeaway(scene: ReserveScene, tables: Tables) -> str:
    say, table = scene.words, tables["people"]
    whole = table[table["side"] == "all"]
    if whole.empty:
        return _nothing(scene)
    told = [
        say("{name} {n}").format(name=named(scene, row["reserve"]), n=numerals.whole(row["people"]))
        for row in whole.to_dict("records")
    ]
    return say("In the reserve: {names}.").format(names=say.pick(", ", "、").join(told))


# --- years still required ---------------------------------------------------------------------------------------------


def _wait(scene: ReserveScene, row: Mapping[Hashable, Any]) -> tuple[int, str]:
    """Give the place and the name of what is still required."""
    say = scene.words
    if row["state"] == "waiting":
        years = min(int(row["years"]), LONG_WAIT)
        if years == LONG_WAIT:
            return years, say("{n}+ years more").format(n=LONG_WAIT)
        return years, say.count("{n} year more", "{n} years more", years)
    if row["state"] == "ready":
        return 0, rows.spoken("ready", say)
    return LONG_WAIT + 1, rows.spoken("unknown", say)


def _draw_years(scene: ReserveScene, tables: Tables) -> Figure | None:
    table = tables["years_left"]
    if table.empty:
        return None
    waits = [_wait(scene, row) for row in table.to_dict("records")]
    kinds = table["reserve"].drop_duplicates().tolist()
    cells = table.assign(
        row=[named(scene, code) for code in table["reserve"]],
        column=[name for _, name in waits],
        detail="",
        kind_place=table["reserve"].map(kinds.index),
        group_place=[place for place, _ in waits],
    )
    keys = ["row", "column", "detail", "kind_place", "group_place"]
    summed = cells.groupby(keys)["people"].sum().reset_index()
    return charts.coverage(_whole_grid(summed), say=scene.words, look=scene.look)


def _years_takeaway(scene: ReserveScene, tables: Tables) -> str:
    say, table = scene.words, tables["years_left"]
    if table.empty:
        return say("Nobody in the reserve could be appointed then.")
    people = table.groupby("state")["people"].sum()
    return say(
        "{ready} of {people} have the years required by then; {waiting} still need some, {unknown} cannot be told."
    ).format(
        ready=numerals.whole(people.get("ready", 0)),
        people=numerals.whole(people.sum()),
        waiting=numerals.whole(people.get("waiting", 0)),
        unknown=numerals.whole(people.get("unknown", 0) + people.get("outside", 0)),
    )


# --- experience -------------------------------------------------------------------------------------------------------


def _experience_asks(scene: ReserveScene) -> Asks:
    return {"experience": ("reserve/experience", {"as_of": scene.as_of, "unit": scene.unit})}


def _experience_name(scene: ReserveScene) -> str:
    return scene.words.pick("experience_en", "experience_zh")


def _draw_experience(scene: ReserveScene, tables: Tables) -> Figure | None:
    table = tables["experience"]
    if table.empty:
        return None
    low, high = rates.wilson(table["met"].to_numpy(), table["people"].to_numpy())
    cells = table.assign(
        item=[named(scene, code) for code in table["reserve"]],
        group=table[_experience_name(scene)],
        full_use=table["met"],
        low=low,
        high=high,
        suppressed=False,
    )
    return charts.uptake(cells, say=scene.words, look=scene.look)


def _experience_takeaway(scene: ReserveScene, tables: Tables) -> str:
    say, table = scene.words, tables["experience"]
    if table.empty:
        return _nothing(scene)
    counted = table.groupby([_experience_name(scene)], sort=False)[["met", "people"]].sum()
    told = [
        say("{name} {share}").format(name=name, share=numerals.percent(row["met"] / row["people"]))
        for name, row in counted.iterrows()
    ]
    return say("Of all kinds together: {names}.").format(names=say.pick(", ", "、").join(told))


# --- who came and went ------------------------------------------------------------------------------------------------


def _flow_asks(scene: ReserveScene) -> Asks:
    return {"flow": ("reserve/flow", {"unit": scene.unit})}


def _of_year(scene: ReserveScene, tables: Tables) -> "pd.Series[Any] | None":
    """Give the sums of a year over the kinds chosen; None where nothing is known of it."""
    table, kinds = tables["flow"], rows.codes("reserve", scene.words)
    chosen = table[(table["year"] == scene.year) & table["reserve"].isin([scene.reserve] if scene.reserve else kinds)]
    return None if chosen.empty else chosen[["at_start", "entered", *OUT, "moved", "at_end"]].sum()


def _draw_flow(scene: ReserveScene, tables: Tables) -> Figure | None:
    year = _of_year(scene, tables)
    if year is None:
        return None
    say = scene.words
    steps = [
        ("at_start", say("at the start"), int(year["at_start"])),
        ("entered", say("taken in"), int(year["entered"])),
        ("appointed", say("appointed"), -int(year["appointed"])),
        ("aged", say("over the age"), -int(year["aged"])),
        ("adjusted", say("taken out at a review"), -int(year["adjusted"])),
        ("otherwise", say("left otherwise"), -int(year["otherwise"])),
        ("moved", say("moved between units"), int(year["moved"])),
        ("at_end", say("at the end"), int(year["at_end"])),
    ]
    return charts.bridge(pd.DataFrame(steps, columns=["step", "name", "people"]), say=say, look=scene.look)


def _flow_takeaway(scene: ReserveScene, tables: Tables) -> str:
    say, year = scene.words, _of_year(scene, tables)
    if year is None:
        return _nothing(scene)
    return say("{year}: {entered} taken in, {left} left, {appointed} of them appointed.").format(
        year=scene.year,
        entered=numerals.whole(year["entered"]),
        left=numerals.whole(year[list(OUT)].sum()),
        appointed=numerals.whole(year["appointed"]),
    )


# --- the people -------------------------------------------------------------------------------------------------------


def _person_asks(scene: ReserveScene) -> Asks:
    ((role, (name, given)),) = asked(scene, "person").items()
    return {role: (name, {**given, "reserve": scene.reserve})}


def _person_takeaway(scene: ReserveScene, tables: Tables) -> str:
    return scene.words.count(
        "{n} stay, in the order of kinds and units; nobody is placed before another.",
        "{n} stays, in the order of kinds and units; nobody is placed before another.",
        len(tables["person"]),
    )


def _of_kind(scene: ReserveScene) -> str:
    kind = scene.words("all kinds") if scene.reserve is None else named(scene, scene.reserve)
    return scene.words("{kind} · {unit}").format(kind=kind, unit=scene.unit_name)


def _of_kind_and_year(scene: ReserveScene) -> str:
    return scene.words("{year} · {kind}").format(year=scene.year, kind=_of_kind(scene))


# --- the exhibits -----------------------------------------------------------------------------------------------------

ECHELON = Exhibit[ReserveScene](
    "reserve/echelon",
    lambda scene: scene.words("Ready, of those needed for the posts that fall vacant"),
    _at,
    lambda scene: asked(scene, "echelon"),
    _echelon_takeaway,
    _draw_echelon,
    evidence,
)
PEOPLE = Exhibit[ReserveScene](
    "reserve/people",
    lambda scene: scene.words("Who is in the reserve"),
    lambda scene: scene.words("people · {at}").format(at=_at(scene)),
    _side_asks,
    _people_takeaway,
    _draw_people,
    evidence,
    wide=True,
)
YEARS_LEFT = Exhibit[ReserveScene](
    "reserve/years_left",
    lambda scene: scene.words("Years still required in the posts below"),
    _at,
    lambda scene: asked(scene, "years_left"),
    _years_takeaway,
    _draw_years,
    evidence,
    wide=True,
)
EXPERIENCE = Exhibit[ReserveScene](
    "reserve/experience",
    lambda scene: scene.words("Experience"),
    lambda scene: scene.words("share of people in the reserve · {unit}").format(unit=scene.unit_name),
    _experience_asks,
    _experience_takeaway,
    _draw_experience,
    evidence,
    wide=True,
)
FLOW = Exhibit[ReserveScene](
    "reserve/flow",
    lambda scene: scene.words("Who came and went"),
    _of_kind_and_year,
    _flow_asks,
    _flow_takeaway,
    _draw_flow,
    evidence,
    wide=True,
)
PERSON = Exhibit[ReserveScene](
    "reserve/person",
    lambda scene: scene.words("People in the reserve: what is required, and when it is met"),
    _of_kind,
    _person_asks,
    _person_takeaway,
    evidence=evidence,
    listed=(
        "reserve",
        "name",
        "unit_name",
        "post",
        "entered_month",
        "line_month",
        "ready_month",
        "experience",
        "state",
    ),
)
EXHIBITS = (ECHELON, PEOPLE, YEARS_LEFT, EXPERIENCE, FLOW, PERSON)
