"""The assessment's figures: places year by year, how sure they are, scores of two years, caps, sources and lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models import ranks
from pages.exhibits import Asks, Exhibit, Scene, Tables, cited
from pages.parts import bounds, charts, numerals, rows
from pages.parts.charts import Figure
from pages.parts.words import Words

SOURCES = ("democratic", "leader", "panel", "results")
APART, MOST_ROWS = 12, 60
MOST_LINES, MOST_MOVED = 120, 30
"""A group of more units is drawn by its first MOST_ROWS places and its MOST_MOVED clearest moves."""
MOVES = ("large_places", "large_percentile", "reliability", "false_discovery")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentScene(Scene):
    """What the reader of the assessment has chosen: the year and the group; `unit` is one unit of it, None for none."""

    year: int
    group: str


# --- what the figures say alike -------------------------------------------------------------------------------------


def with_judgement(scene: AssessmentScene, tables: Tables) -> Tables:
    """Add the lines through which units are compared, and the units of the year with their verdict.

    `judged` has place, interval, move and verdict (see models.ranks.judged), and `code` and `name` of the unit; `unit`
    is its line through the years.
    """
    rule = tables["rule"].set_index("rule_id")["value"].astype(float)
    rules = ranks.Rules(rule.get("reliability", 1.0), rule.get("false_discovery", 0.0))
    lined = _lined(tables["years"])
    now = lined[lined["year"] == scene.year].set_index("unit")
    found = ranks.judged(lined, scene.year, rules, spare=lambda: _noise_of_parts(scene, tables))
    named = found.assign(
        code=now["unit_id"].reindex(found["unit"]).tolist(), name=now["name"].reindex(found["unit"]).tolist()
    )
    return {**tables, "lined": lined, "judged": named}


def _noise_of_parts(scene: AssessmentScene, tables: Tables) -> ranks.Noise | None:
    """Judge noise by the indicators and the other sources of the year, where the weights of a total are known."""
    weight = _nominal(tables["weight"])
    given = tables["indicator"].rename(columns={"unit_id": "unit"}).assign(year=scene.year)
    return ranks.indicator_noise(ranks.parts(given, weight)) if weight else None


def _nominal(weight: pd.DataFrame) -> dict[str, int]:
    """Give the percentages by which the sources of a team make its total, from the answer to assessment/weight."""
    rows_of = weight[(weight["scheme"] == "nominal") & (weight["category"] == "team")].set_index("source")["percent"]
    return {name: int(rows_of[name]) for name in SOURCES if name in rows_of}


def _lined(years: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of assessment/years that have a total, by lines through which a unit can be compared."""
    table = years[years["now_place"].notna()].assign(
        unit=years["unit_id"], score=years["total"].astype(float), name=rows.names_apart(years)
    )
    table["before"] = table["before_id"].fillna(table["unit_id"]).where(table["reason"].isna())
    return table.assign(unit=ranks.lines(table))


def verdict(code: str, say: Words) -> str:
    """Say what is known of a move: words instead of arrows."""
    return {
        ranks.HIGHER: say("higher, beyond noise"),
        ranks.LOWER: say("lower, beyond noise"),
        ranks.NO_CLEAR_CHANGE: say("no clear change"),
        ranks.TOO_NOISY: say("too noisy to tell"),
        ranks.NOT_COMPARED: say("not compared"),
    }[code]


def headline(scene: AssessmentScene, tables: Tables) -> str:
    """Say the finding: how many units of the group moved beyond noise."""
    say, table = scene.words, tables["judged"]
    number = table["verdict"].value_counts()
    up, down = int(number.get(ranks.HIGHER, 0)), int(number.get(ranks.LOWER, 0))
    if up or down:
        found = say("{up} higher and {down} lower than the year before, beyond noise").format(up=up, down=down)
    elif number.get(ranks.NO_CLEAR_CHANGE, 0):
        found = say("no move beyond noise")
    elif number.get(ranks.TOO_NOISY, 0):
        found = say("too noisy to tell who moved")
    else:
        found = say("no year before to compare with")
    return say("{group}, {year}: {found}").format(group=scene.group, year=scene.year, found=found)


def tally(scene: AssessmentScene, tables: Tables) -> str:
    """Say how large the group is, how many moved far by the rule, and how reliable the scores are."""
    say, table = scene.words, tables["judged"]
    now = tables["years"][tables["years"]["year"] == scene.year]
    said = say("{units} units, {large} of them moved far by the rule").format(
        units=numerals.whole(len(now)), large=numerals.whole(int(now["large"].sum()))
    )
    known = table["reliability"].dropna()
    if known.empty:
        return said + say("; the noise of the scores is not known")
    by_years = table["noise_by"].iloc[0] == ranks.BY_YEARS
    sure = (
        say("; reliability of the scores {share}")
        if by_years
        else say("; reliability of the scores {share}, by the indicators of the year alone")
    )
    return said + sure.format(share=numerals.percent(known.iloc[0], places=0))


def weights(scene: AssessmentScene, weight: pd.DataFrame) -> str:
    """Say how the total is made of the four sources."""
    say = scene.words
    parts = [f"{rows.code('source', name, say)} {percent}%" for name, percent in _nominal(weight).items()]
    return say("total: {parts}; as announced where a source is missing").format(parts=say.pick(", ", "、").join(parts))


def behind_moves(scene: AssessmentScene, tables: Tables) -> Sequence[str]:
    """Say how places are counted, and the rules by which moves are judged."""
    named = tables["rule"][tables["rule"]["rule_id"].isin(MOVES)]
    return places_are(scene), *_noise_is(scene, tables), *cited(scene, {"rule": named})


def _noise_is(scene: AssessmentScene, tables: Tables) -> Sequence[str]:
    """Say by what noise is judged, where it is known."""
    say = scene.words
    said = {
        ranks.BY_YEARS: say("noise: what unit and year leave of the scores of three years or more"),
        ranks.BY_INDICATORS: say(
            "noise: how far the indicators and the other sources of the year disagree (jackknife), as years are too few"
        ),
    }
    return tuple(said[by] for by in tables["judged"]["noise_by"].dropna().unique())


def places_are(scene: AssessmentScene) -> str:
    """Say how places and moves are counted."""
    return scene.words(
        "place by total inside the group and year, equal totals share a place; a renamed unit is compared with itself, "
        "a merged or new one with nothing"
    )


def _group(scene: AssessmentScene) -> dict[str, Any]:
    return {"year": scene.year, "group": scene.group}


def _moves_asks(scene: AssessmentScene) -> Asks:
    return {
        "years": ("assessment/years", _group(scene)),
        "rule": ("assessment/rule", {"year": scene.year}),
        "weight": ("assessment/weight", {"year": scene.year}),
        "indicator": ("assessment/indicator", _group(scene)),
    }


def _tones(table: pd.DataFrame, scene: AssessmentScene) -> "pd.Series[str]":
    """Give each row what it stands out by: the chosen unit, a move beyond noise, or nothing."""
    moved = table["verdict"].where(table["verdict"].isin([ranks.HIGHER, ranks.LOWER]), "")
    return moved.mask(table["code"] == scene.unit, "chosen").fillna("")


def _moved(judged: pd.DataFrame) -> pd.DataFrame:
    """Give the units that moved beyond noise, those that moved furthest first."""
    beyond = judged[judged["verdict"].isin([ranks.HIGHER, ranks.LOWER])]
    furthest = beyond["difference"].astype(float).abs().sort_values(ascending=False, kind="stable")
    return beyond.loc[furthest.index]


def _drawn(scene: AssessmentScene, judged: pd.DataFrame) -> pd.DataFrame:
    """Give the units of which lines are drawn: all, of a large group the first, the furthest moved and the chosen."""
    if len(judged) <= MOST_LINES:
        return judged
    drawn = {*judged.head(MOST_ROWS)["unit"], *_moved(judged).head(MOST_MOVED)["unit"]}
    return judged[judged["unit"].isin(drawn) | (judged["code"] == scene.unit)]


def _left_out(scene: AssessmentScene, judged: pd.DataFrame) -> str:
    """Say which units of a large group are drawn; nothing of another, of which all are."""
    if len(judged) <= MOST_LINES:
        return ""
    told = scene.words(" Drawn are {n} of {all} units: the first places, the clearest moves and the one chosen.")
    return told.format(n=len(_drawn(scene, judged)), all=numerals.whole(len(judged)))


# --- places year by year --------------------------------------------------------------------------------------------


def _draw_bump(scene: AssessmentScene, tables: Tables) -> Figure:
    lined, judged = tables["lined"], tables["judged"]
    found = _drawn(scene, judged).set_index("unit")
    if len(found) < len(judged):
        lined = lined[lined["unit"].isin(found.index)]
    tones = _tones(found, scene)
    order = lined.sort_values(["year", "now_place", "unit_id"])
    last = lined.sort_values("year").groupby("unit")["name"].last()
    table = pd.DataFrame(
        {
            "line": order["unit"],
            "code": order["unit_id"],
            "name": last.reindex(order["unit"]).to_numpy(),
            "year": order["year"].astype(int),
            "row": order.groupby("year").cumcount() + 1,
            "place": order["now_place"].astype(int),
            "units": order["units"].astype(int),
            "tone": tones.reindex(order["unit"]).fillna("").to_numpy(),
        }
    )
    return charts.bump(table, say=scene.words, look=scene.look)


def _bump_takeaway(scene: AssessmentScene, tables: Tables) -> str:
    say, table = scene.words, tables["judged"]
    first, moved = table.head(1)["name"], _moved(table)
    if first.empty:
        return say("There is nothing to place.")
    said, left_out = say("{unit} is first").format(unit=first.iloc[0]), _left_out(scene, table)
    if left_out:
        left_out += say(" Their heights are their order among themselves.")
    if moved.empty:
        return said + say("; no line stands out from noise.") + left_out
    furthest = moved.iloc[0]
    clearest = say("; the clearest move is that of {unit}, from place {before} to {place}.").format(
        unit=furthest["name"], before=int(furthest["before_place"]), place=int(furthest["place"])
    )
    return said + clearest + left_out


# --- how sure a place is --------------------------------------------------------------------------------------------


def _draw_intervals(scene: AssessmentScene, tables: Tables) -> Figure:
    found = tables["judged"].dropna(subset="place").head(MOST_ROWS)
    words = [verdict(code, scene.words) for code in found["verdict"]]
    return charts.intervals(found.assign(word=words, chosen=found["code"] == scene.unit), look=scene.look)


def _intervals_takeaway(scene: AssessmentScene, tables: Tables) -> str:
    say, table = scene.words, tables["judged"]
    known = table.dropna(subset=["low", "high"])
    if known.empty:
        return say("Three years of scores, or the indicators of the year, are needed to tell how sure a place is.")
    width = float((known["high"].astype(float) - known["low"].astype(float)).mean()) + 1
    return say("Nine times in ten a unit truly lies within its bar, on average {width} places wide.").format(
        width=f"{width:.1f}"
    )


# --- two years ------------------------------------------------------------------------------------------------------


def _draw_slope(scene: AssessmentScene, tables: Tables) -> Figure | None:
    found, lined = tables["judged"], tables["lined"]
    before = lined[lined["year"] == scene.year - 1].set_index("unit")["score"]
    both = found[found["unit"].isin(before.index)]
    if both.empty:
        return None
    earlier = before.loc[both["unit"]].to_numpy()
    table = both.assign(
        before=earlier - earlier.mean(),
        after=both["score"].astype(float) - float(both["score"].astype(float).mean()),
        tone=_tones(both, scene),
    ).loc[both.index.isin(_drawn(scene, found).index)]
    return charts.slope(table, years=(scene.year - 1, scene.year), say=scene.words, look=scene.look)


def _slope_takeaway(scene: AssessmentScene, tables: Tables) -> str:
    say, table = scene.words, tables["judged"]
    noise = table["noise"].dropna()
    if noise.empty:
        return say("The noise of the scores is not known.")
    said = say("A score is uncertain by about {noise} points either way; smaller moves say nothing.")
    return said.format(noise=f"{2 * float(noise.iloc[0]):.1f}") + _left_out(scene, table)


# --- caps -----------------------------------------------------------------------------------------------------------


def _draw_caps(scene: AssessmentScene, tables: Tables) -> Figure:
    table = tables["caps"]
    return charts.caps(
        table.assign(
            name=table[scene.words.pick("who_en", "who_zh")],
            text=[_cap_text(scene, row) for row in table.to_dict("records")],
        ),
        look=scene.look,
    )


def _cap_text(scene: AssessmentScene, row: dict[Any, Any]) -> str:
    counted = {name: numerals.whole(row[name]) for name in ("given", "taking_part", "allowed")}
    said = scene.words("{given} of {taking_part}, at most {allowed}").format(**counted)
    if not row["over"]:
        return said
    if row["counted_by"] == "unit":
        places = {"over": row["bodies_over"], "bodies": row["bodies"]}
        return said + scene.words.count(
            "; {n} above, in {over} of {bodies} units",
            "; {n} above, in {over} of {bodies} units",
            int(row["over"]),
            **places,
        )
    return said + scene.words.count("; {n} above", "; {n} above", int(row["over"]))


def _caps_takeaway(scene: AssessmentScene, tables: Tables) -> str:
    return _above_caps(scene, tables["caps"]) + "".join(_unassessed(scene, tables["caps"]))


def _unassessed(scene: AssessmentScene, table: pd.DataFrame) -> Iterator[str]:
    """Say of whom the part graded excellent could be another, as nothing is known of some, and between which bounds."""
    say = scene.words
    for who, part in table.groupby(say.pick("who_en", "who_zh"), sort=False):
        given, taking_part, unknown = (int(part[name].sum()) for name in ("given", "taking_part", "unassessed"))
        if unknown and taking_part:
            everyone = taking_part + unknown
            why = say.count("{n} person without a result", "{n} people without a result", unknown)
            between = (given / everyone, (given + unknown) / everyone)
            excellent = bounds.share(given / taking_part, between, why, say)
            yield say(" {who}: {share} excellent.").format(who=who, share=excellent)


def _above_caps(scene: AssessmentScene, table: pd.DataFrame) -> str:
    say = scene.words
    over = table[table["over"] > 0]
    if over.empty:
        return say("No cap is exceeded.")
    above, approved = numerals.whole(over["over"].sum()), over["over_approved"].dropna()
    if approved.empty:
        return say("{over} above the caps.").format(over=above)
    return say("{over} above the caps, {beyond} of them also above what an approval would allow.").format(
        over=above, beyond=numerals.whole(approved.sum())
    )


# --- sources --------------------------------------------------------------------------------------------------------


def _apart(tables: Tables) -> pd.DataFrame:
    table = tables["teams"].dropna(subset=["gap"])
    return table.assign(name=rows.names_apart(table)).sort_values("gap", ascending=False, kind="stable")


def _draw_sources(scene: AssessmentScene, tables: Tables) -> Figure | None:
    table, say = _apart(tables).head(APART), scene.words
    if table.empty:
        return None
    measures = {name: rows.code("source", name, say) for name in SOURCES}
    return charts.spread(table, measures, middle=say("mean of all teams of the year"), look=scene.look)


def _sources_takeaway(scene: AssessmentScene, tables: Tables) -> str:
    say, table = scene.words, _apart(tables)
    if tables["teams"].empty:
        return say("No team has all four sources.")
    if table.empty:
        return say("The four sources cannot be compared on one scale: not every one of them tells the teams apart.")
    widest = table.iloc[0]
    scores = {name: float(widest[name]) for name in SOURCES}
    high, low = max(scores, key=lambda name: scores[name]), min(scores, key=lambda name: scores[name])
    return say("They differ most on {unit}: {high} stands {gap} standard deviations above {low}.").format(
        unit=widest["name"], high=rows.code("source", high, say), low=rows.code("source", low, say),
        gap=f"{float(widest['gap']):.1f}",
    )  # fmt: skip


# --- other weights --------------------------------------------------------------------------------------------------


def with_near_weights(_: AssessmentScene, tables: Tables) -> Tables:
    """Add between which places each unit lies under weights near the nominal ones: `near_best` and `near_worst`."""
    near = ranks.near_weights(tables["rank_range"], _nominal(tables["weight"]))
    return {**tables, "rank_range": tables["rank_range"].assign(near_best=near["low"], near_worst=near["high"])}


def near_weights_are(scene: AssessmentScene) -> str:
    """Say what the places under near weights are."""
    say = scene.words
    return say(
        "{best} and {worst}: where the place lies nine times in ten, of weights drawn around the nominal ones, half of "
        "them with the sources on one scale; only where every unit of the group has all four sources"
    ).format(best=rows.heading("near_best", say), worst=rows.heading("near_worst", say))


# --- lists ----------------------------------------------------------------------------------------------------------


def _rows_of(tables: Tables) -> int:
    return len(next(iter(tables.values())))


def _found(scene: AssessmentScene, tables: Tables) -> str:
    number = _rows_of(tables)
    return scene.words.count("{n} row", "{n} rows", number) if number else scene.words("Nobody and nothing is found.")


def _listed(name: str, title: str, caption: str, listed: tuple[str, ...], role: str = "") -> Exhibit[AssessmentScene]:
    """Give a list that the chosen group answers; `title` and `caption` are English source text."""
    return Exhibit(
        name=f"assessment/{name}",
        title=lambda scene: scene.words(title),
        caption=lambda scene: scene.words(caption),
        asks=lambda scene: {role or name: (f"assessment/{name}", _group(scene))},
        takeaway=_found,
        listed=listed,
    )


def words(text: str) -> str:
    """Mark English source text that is said later."""
    return text


BUMP: Exhibit[AssessmentScene] = Exhibit(
    name="assessment/years",
    title=lambda scene: scene.words("Places year by year"),
    caption=lambda scene: scene.words("moves beyond noise in colour, the rest faint"),
    asks=_moves_asks,
    takeaway=_bump_takeaway,
    draw=_draw_bump,
    derive=with_judgement,
    evidence=behind_moves,
    chooses=("unit",),
    wide=True,
)
INTERVALS: Exhibit[AssessmentScene] = Exhibit(
    name="assessment/intervals",
    title=lambda scene: scene.words("How sure the places are"),
    caption=lambda scene: scene.words("{year} · place, bar where it truly lies, places gained").format(year=scene.year),
    asks=_moves_asks,
    takeaway=_intervals_takeaway,
    draw=_draw_intervals,
    derive=with_judgement,
    evidence=behind_moves,
    chooses=("unit",),
    wide=True,
)
SLOPE: Exhibit[AssessmentScene] = Exhibit(
    name="assessment/slope",
    title=lambda scene: scene.words("Scores of two years"),
    caption=lambda scene: scene.words("points from the mean of the group"),
    asks=_moves_asks,
    takeaway=_slope_takeaway,
    draw=_draw_slope,
    derive=with_judgement,
    evidence=behind_moves,
    chooses=("unit",),
)
CAPS: Exhibit[AssessmentScene] = Exhibit(
    name="assessment/grade_share",
    title=lambda scene: scene.words("Excellent against the caps"),
    caption=lambda scene: scene.words("whole people and teams · the mark is the cap"),
    asks=lambda scene: {"caps": ("assessment/grade_share", _group(scene))},
    takeaway=_caps_takeaway,
    draw=_draw_caps,
)
TEAMS: Exhibit[AssessmentScene] = Exhibit(
    name="assessment/team_sources",
    title=lambda scene: scene.words("The four sources compared"),
    caption=lambda scene: scene.words("standard deviations · the furthest apart first"),
    asks=lambda scene: {"teams": ("assessment/team_sources", _group(scene))},
    takeaway=_sources_takeaway,
    draw=_draw_sources,
)
UNIT: Exhibit[AssessmentScene] = Exhibit(
    name="assessment/of_unit",
    title=lambda scene: scene.unit_name,
    caption=lambda scene: scene.words("its years, and those of the units that became it"),
    asks=lambda scene: {"of_unit": ("assessment/of_unit", {"assessed": scene.unit})},
    takeaway=_found,
    listed=(
        "year", "unit_name", "peer_group", "total", "unit_grade", "now_place", "units", "places",
        "percentile_shift", "large", "reason",
    ),
    evidence=lambda scene, _: (places_are(scene),),
)  # fmt: skip
MOVERS = _listed(
    "mover", words("Far up or down"), words("by the rule, whether or not beyond noise"),
    ("direction", "unit_name", "before_place", "now_place", "units", "places", "percentile_shift"),
)  # fmt: skip
REMINDERS = _listed(
    "reminder", words("To be reminded in a talk"), words("a large fall or a poor grade"),
    ("reason", "unit_name", "unit_grade", "before_place", "now_place", "places"),
)  # fmt: skip
LINKS = _listed(
    "cap_link", words("Grades against the unit's result"), words("excellent leading cadres and heads, by unit"),
    ("unit_name", "unit_grade", "taking_part", "allowed", "given", "over", "heads", "heads_over"),
)  # fmt: skip
HEADS = _listed(
    "head_above", words("Heads above their ceiling"), words("graded above what the unit's result allows"),
    ("unit_name", "unit_grade", "name", "post", "grade", "ceiling"),
)  # fmt: skip
STREAKS: Exhibit[AssessmentScene] = Exhibit(
    name="assessment/streak",
    title=lambda scene: scene.words("Excellent year after year"),
    caption=lambda scene: scene.words("{where} · due, rewarded, one year short, counted anew").format(
        where=scene.unit_name or scene.words("Whole city")
    ),
    asks=lambda scene: {"streak": ("assessment/streak", {"year": scene.year, "unit": scene.unit})},
    takeaway=_found,
    listed=("standing", "name", "unit_name", "post", "in_a_row", "counting", "first_year", "spent_until"),
    counted=("standing",),
)
SOURCES_APART = _listed(
    "source_apart", words("Sources far apart on one person"), words("highest and lowest source"),
    ("name", "unit_name", "category", "highest", "lowest", "gap"),
)  # fmt: skip
SOURCES_GAP = _listed(
    "source_gap", words("The four sources by class"),
    words("means, standard deviations from the mean of all of the class in the year"),
    ("category", "subjects", *SOURCES, "gap", "subjects_apart"),
)  # fmt: skip
WEIGHTS: Exhibit[AssessmentScene] = Exhibit(
    name="assessment/rank_range",
    title=lambda scene: scene.words("Places under other weights"),
    caption=lambda scene: scene.words("best and worst place under any scheme, and under weights near the nominal"),
    asks=lambda scene: {
        "rank_range": ("assessment/rank_range", _group(scene)),
        "weight": ("assessment/weight", {"year": scene.year}),
    },
    takeaway=_found,
    derive=with_near_weights,
    evidence=lambda scene, _: (near_weights_are(scene),),
    listed=(
        "unit_name", "now_place", "best_place", "best_scheme", "worst_place", "worst_scheme",
        words("near_best"), words("near_worst"),
    ),
)  # fmt: skip
KINDS = _listed(
    "other_kinds", words("Other kinds of assessment"), words("beside the annual grade of the same person"),
    ("assessment_kind", "grade", "annual_grade", "people"),
)  # fmt: skip
EXHIBITS: tuple[Exhibit[AssessmentScene], ...] = (
    BUMP, INTERVALS, SLOPE, CAPS, TEAMS, UNIT, MOVERS, REMINDERS, LINKS, HEADS, STREAKS, SOURCES_APART, SOURCES_GAP,
    WEIGHTS, KINDS,
)  # fmt: skip
