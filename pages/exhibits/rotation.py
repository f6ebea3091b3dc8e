"""Rotation's figures: the clock board, who is due, flows, programmes, spells, time in post and grass-roots years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from data import month
from pages.exhibits import ONE_YEAR, TEN_YEARS, Asks, Exhibit, Scene, Tables, cited, nobody_moves
from pages.parts import bounds, charts, numerals, rows
from pages.parts.charts import Figure
from pages.parts.words import Words

SPANS = ((0, 0), (1, 3), (4, 6), (7, 12), (13, 24))
"""Months ahead, from and to, of the columns of the clock board."""
HORIZON = SPANS[-1][1]
PAIRS, UNITS, LINES = 9, 24, 24
FOREVER = 999912
TO_CONFIRM = "to_confirm"
"""Who stands behind a rule that nobody has confirmed yet: it binds no one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationScene(Scene):
    """What the reader of the rotation page has chosen beside month and unit.

    `rule_id` is the chosen clock and `rule` its name, both None where no clock runs out; `since` is the first month of
    the flows and of time in post; the others are codes, None for all. `post_unit` is the unit whose posts are lined up,
    and `person` the one whose career is.
    """

    since: int
    rule_id: str | None
    rule: str = field(compare=False)
    programme: str | None
    level: str | None
    from_body: str | None
    body: str | None
    post_unit: str | None
    post_unit_name: str
    person: str | None
    person_name: str = field(compare=False)

    @property
    def until(self) -> int:
        """The last month that the clock board looks ahead to."""
        return month.add(self.as_of, HORIZON)


def counting(scene: RotationScene, tables: Tables) -> Sequence[str]:
    """Say how clocks are counted, and the clauses that stand in the rows."""
    say = scene.words
    told = say("primary post month by month; a short gap does not reset a clock")
    return say(" · ").join([told, nobody_moves(scene)]), *cited(scene, tables)


# --- clocks -----------------------------------------------------------------------------------------------------------


def ahead_asks(scene: RotationScene) -> Asks:
    """Ask for the clocks that run out, month by month."""
    return {"ahead": ("rotation/clock_ahead", {"since": scene.as_of, "until": scene.until, "unit": scene.unit})}


def run_out(table: pd.DataFrame, as_of: int, first: int, last: int) -> int:
    """The people whose clock runs out between so many months ahead and so many, both included."""
    ahead = [month.between(as_of, int(at)) for at in table["month"]]
    return int(table.loc[[first <= at <= last for at in ahead], "people"].sum())


def headline(scene: RotationScene, ahead: pd.DataFrame) -> str:
    """Say the finding: how many must move by each rule that binds, and how many more within a year."""
    say = scene.words
    must = ahead[(ahead["force"] == "must") & (ahead["confirmed"] != TO_CONFIRM)]
    must = must.loc[[month.between(scene.as_of, int(at)) <= ONE_YEAR for at in must["month"]]]
    names = rows.before_bracket(must[f"clock{say.pick('_en', '_zh')}"])
    told = [_must_move(scene, name, part) for name, part in must.groupby(names, sort=False)]
    found = say("; ").join(told) or say("Nobody must move by a rule that binds, now or within a year")
    return say("{unit}: {found}").format(unit=scene.unit_name, found=found) if scene.unit else found


def _must_move(scene: RotationScene, rule: str, part: pd.DataFrame) -> str:
    say = scene.words
    past, soon = run_out(part, scene.as_of, 0, 0), run_out(part, scene.as_of, 1, ONE_YEAR)
    now = say.count("{n} person must move ({rule})", "{n} people must move ({rule})", past, rule=rule)
    return now + say.count("; {n} more within a year", "; {n} more within a year", soon)


def tally(scene: RotationScene, ahead: pd.DataFrame) -> str:
    """Say the sums over all rules but reminders, those that bind apart from those that are to be confirmed."""
    clocks = ahead[ahead["force"] != "remind"]
    open_rules = clocks["confirmed"] == TO_CONFIRM
    numbers = {
        f"{when}_{kind}": numerals.whole(run_out(part, scene.as_of, *SPANS[at]))
        for kind, part in (("bound", clocks[~open_rules]), ("open", clocks[open_rules]))
        for at, when in enumerate(("past", "soon"))
    }
    return scene.words(
        "clocks that have run out: {past_bound} by rules that bind, {past_open} by rules to be confirmed; "
        "within {months} months: {soon_bound} and {soon_open}; rules: {rules}"
    ).format(rules=clocks["rule_id"].nunique(), months=SPANS[1][1], **numbers)


def _board_asks(scene: RotationScene) -> Asks:
    return {**ahead_asks(scene), "unknown": ("rotation/unknown", {"as_of": scene.as_of, "unit": scene.unit})}


def _draw_board(scene: RotationScene, tables: Tables) -> Figure:
    pick = scene.words.pick("_en", "_zh")
    groups = list(tables["ahead"].groupby("rule_id", sort=False))
    table = pd.DataFrame(
        [
            {
                "rule_id": rule,
                "rule": part[f"clock{pick}"].iloc[0],
                "force": rows.code("force", part["force"].iloc[0], scene.words),
                "reminds": part["force"].iloc[0] == "remind",
                **{f"at_{at}": run_out(part, scene.as_of, *span) for at, span in enumerate(SPANS)},
            }
            for rule, part in groups
        ]
    )
    return charts.clock_board(table, _span_names(scene), say=scene.words, look=scene.look, selected=scene.rule_id)


def _span_names(scene: RotationScene) -> list[str]:
    say = scene.words
    within = [say("{first}–{last} months").format(first=first, last=last) for first, last in SPANS[1:]]
    return [say("past or now"), *within]


def _board_takeaway(scene: RotationScene, tables: Tables) -> str:
    say, table = scene.words, tables["ahead"]
    part = table[table["rule_id"] == scene.rule_id]
    if part.empty:
        return say("No clock runs out up to {month}.").format(month=say.month(scene.until))
    said = say("{rule}: {past} past or in the band, {soon} more within a year.")
    past, soon = run_out(part, scene.as_of, 0, 0), run_out(part, scene.as_of, 1, ONE_YEAR)
    return said.format(rule=scene.rule, past=_at_most(scene, tables["unknown"], past), soon=numerals.whole(soon))


def _at_most(scene: RotationScene, table: pd.DataFrame, past: int) -> str:
    """Say how many clocks have run out, with those of whom a growth place or level that is not known leaves it open."""
    unknown = int(table.loc[table["rule_id"] == scene.rule_id, "unknown"].sum())
    why = scene.words.count(
        "of {n} person the place of growth or the level is not known",
        "of {n} people the place of growth or the level is not known",
        unknown,
    )
    return bounds.people(past, (past, past + unknown), why, scene.words)


def _clock_asks(scene: RotationScene) -> Asks:
    given = {"as_of": scene.as_of, "until": scene.until, "unit": scene.unit, "rule": scene.rule_id}
    return {"clock": ("rotation/clock", {**given, "level": scene.level})}


def _clock_takeaway(scene: RotationScene, tables: Tables) -> str:
    say, table = scene.words, tables["clock"]
    number = table["state"].value_counts()
    past = int(number.get("overdue", 0)) + int(number.get("reminder", 0))
    said = say("{rule}: {all} people to {month}, of whom {past} past or in the band and {due} about to run out.")
    counted = {"all": len(table), "past": past, "due": number.get("soon", 0)}
    written = {name: numerals.whole(people) for name, people in counted.items()}
    return said.format(rule=scene.rule, month=say.month(scene.until), **written)


# --- flows ------------------------------------------------------------------------------------------------------------


def _window(scene: RotationScene) -> dict[str, Any]:
    return {"since": scene.since, "until": scene.as_of, "unit": scene.unit}


def _span(scene: RotationScene) -> str:
    say = scene.words
    return say("{since} to {until}").format(since=say.month(scene.since), until=say.month(scene.as_of))


def _flow_asks(scene: RotationScene) -> Asks:
    return {"flow": ("rotation/flow", {**_window(scene), "level": scene.level})}


def _between(scene: RotationScene, table: pd.DataFrame) -> pd.DataFrame:
    """The moves from one kind of unit to another, with the kinds named."""
    say = scene.words
    apart = table[table["from_body"] != table["body"]]
    return apart.assign(
        left=[rows.code("body", each, say) for each in apart["from_body"]],
        joined=[rows.code("body", each, say) for each in apart["body"]],
    )


def _draw_flow(scene: RotationScene, tables: Tables) -> Figure | None:
    table = _between(scene, tables["flow"])
    return None if table.empty else charts.flow(table, say=scene.words, look=scene.look)


def _flow_takeaway(scene: RotationScene, tables: Tables) -> str:
    say, table = scene.words, tables["flow"]
    if table.empty:
        return say("Nobody moved between units.")
    ways = table.groupby("way")["people"].sum()
    apart = table[table["from_body"] != table["body"]]["people"].sum()
    return say("{all} moves, {apart} of them between kinds of unit; {up} up the tiers, {down} down.").format(
        all=numerals.whole(table["people"].sum()),
        apart=numerals.whole(apart),
        up=numerals.whole(ways.get("up", 0)),
        down=numerals.whole(ways.get("down", 0)),
    )


def _draw_matrix(scene: RotationScene, tables: Tables) -> Figure:
    say, table = scene.words, tables["flow"]
    people = table.groupby(["from_body", "body"])["people"].sum()
    promoted = table.groupby(["from_body", "body"])["promoted"].sum()
    lefts, joins = sorted(set(table["from_body"])), sorted(set(table["body"]))
    cells = pd.DataFrame(
        [
            {
                "row": rows.code("body", left, say),
                "column": rows.code("body", joined, say),
                "people": int(people.get((left, joined), 0)),
                "detail": say("{n} of them promoted").format(n=numerals.whole(promoted.get((left, joined), 0))),
            }
            for left in lefts
            for joined in joins
        ]
    )
    names = {rows.code("body", each, say): each for each in {*lefts, *joins}}
    return charts.coverage(cells, say=say, look=scene.look).coded(names)


def _mover_asks(scene: RotationScene) -> Asks:
    chosen = {"level": scene.level, "from_body": scene.from_body, "body": scene.body}
    return {"mover": ("rotation/mover", {**_window(scene), **chosen})}


def _mover_takeaway(scene: RotationScene, tables: Tables) -> str:
    return scene.words.count("{n} arrival.", "{n} arrivals.", len(tables["mover"]))


def _pair(scene: RotationScene) -> str:
    say = scene.words
    left, joined = (rows.code("body", each, say) if each else say("any") for each in (scene.from_body, scene.body))
    return say("{left} → {joined}").format(left=left, joined=joined)


def _balance_asks(scene: RotationScene) -> Asks:
    return {"balance": ("rotation/balance", _window(scene))}


def _draw_balance(scene: RotationScene, tables: Tables) -> Figure:
    say = scene.words
    table = tables["balance"].head(PAIRS)
    named = {
        side: [
            rows.code("tier" if pairs == "tier" else "body", each, say)
            for pairs, each in zip(table["pairs"], table[side], strict=True)
        ]
        for side in ("one", "other")
    }
    return charts.two_ways(table.assign(**named), say=say, look=scene.look)


def _balance_takeaway(scene: RotationScene, tables: Tables) -> str:
    say, table = scene.words, tables["balance"]
    tiers = table[table["pairs"] == "tier"]
    if tiers.empty:
        return say("No exchange between tiers.")
    first = tiers.iloc[0]
    one, other = (rows.code("tier", first[side], say) for side in ("one", "other"))
    said = say("{one} to {other}: {there} there, {back} back.")
    return said.format(one=one, other=other, there=int(first["there"]), back=int(first["back"]))


# --- programmes -------------------------------------------------------------------------------------------------------


def _programme_asks(scene: RotationScene) -> Asks:
    given = {"as_of": scene.as_of, "unit": scene.unit}
    return {"programme": ("rotation/programme", given)}


def _draw_programme(scene: RotationScene, tables: Tables) -> Figure | None:
    say, pick = scene.words, scene.words.pick("_en", "_zh")
    table = tables["programme"]
    counts = table.groupby(["programme_id", "unit_id"], sort=False)[["active", "due", "past"]].sum()
    most = counts["active"].groupby("unit_id", sort=False).sum().sort_values(ascending=False, kind="stable")
    units, programmes = list(most.head(UNITS).index), list(table["programme_id"].drop_duplicates())
    named = dict(zip(table["programme_id"], table[f"programme{pick}"], strict=True))
    called = dict(zip(table["unit_id"], rows.names_apart(table), strict=True))
    cells = [
        {
            "row": named[programme],
            "column": called[unit],
            "people": int(cell["active"]),
            "detail": say("{due} end soon · {past} before").format(due=int(cell["due"]), past=int(cell["past"])),
        }
        for programme in programmes
        for unit in units
        for cell in [counts.loc[(programme, unit)] if (programme, unit) in counts.index else EMPTY]
    ]
    codes = {name: code for code, name in (named | called).items()}
    return charts.coverage(pd.DataFrame(cells), say=say, look=scene.look).coded(codes)


EMPTY: Mapping[str, int] = {"active": 0, "due": 0, "past": 0}


def _programme_takeaway(scene: RotationScene, tables: Tables) -> str:
    say, table = scene.words, tables["programme"]
    if table.empty:
        return say("Nobody is or was posted under a programme.")
    active, due, past = (numerals.whole(table[name].sum()) for name in ("active", "due", "past"))
    return say("{active} people are away under programmes, {due} of them due back; {past} postings have ended.").format(
        active=active, due=due, past=past
    )


def _away_asks(scene: RotationScene) -> Asks:
    given = {"as_of": scene.as_of, "unit": scene.unit, "programme": scene.programme}
    return {"away": ("rotation/away", given)}


def _away_takeaway(scene: RotationScene, tables: Tables) -> str:
    table = tables["away"]
    late = int((table["due_month"] <= scene.as_of).sum())
    return scene.words.count(
        "{n} person away, {late} of them past the usual length.",
        "{n} people away, {late} of them past the usual length.",
        len(table),
        late=late,
    )


def _return_asks(scene: RotationScene) -> Asks:
    return {"after_return": ("rotation/after_return", {"as_of": scene.as_of, "unit": scene.unit})}


def _return_takeaway(scene: RotationScene, tables: Tables) -> str:
    say, table = scene.words, tables["after_return"]
    if table.empty:
        return say("Nobody has come back yet.")
    done = int(table["returned"].sum() - table["followed"].sum())
    return say("Of {done} followed for {months} months, {promoted} were promoted and {left} left.").format(
        done=numerals.whole(done),
        months=int(table["months"].iloc[0]),
        promoted=numerals.whole(table["promoted"].sum()),
        left=numerals.whole(table["left_service"].sum()),
    )


# --- posts and years --------------------------------------------------------------------------------------------------


def spells_of(as_of: int, **chosen: str | None) -> tuple[str, Mapping[str, Any]]:
    """Ask for the spells that lie within ten years up to a month: of a `person`, or in the posts of a `unit`."""
    return "rotation/spell", {"since": month.add(as_of, -TEN_YEARS), "until": as_of, **chosen}


def _spell_asks(scene: RotationScene) -> Asks:
    chosen = {"person": scene.person} if scene.person else {"unit": scene.post_unit}
    return {"spell": spells_of(scene.as_of, **chosen)}


def _draw_spells(scene: RotationScene, tables: Tables) -> Figure | None:
    table = tables["spell"]
    if not scene.person:
        table = table[table["is_primary"]]
    if table.empty:
        return None
    table = _in_lanes(table, several=scene.person is not None)
    kept = table["row"].drop_duplicates().head(LINES)
    return charts.spells(
        table[table["row"].isin(kept)],
        since=month.add(scene.as_of, -TEN_YEARS),
        until=scene.as_of,
        data_month=scene.data_month,
        say=scene.words,
        look=scene.look,
    )


def _in_lanes(table: pd.DataFrame, *, several: bool) -> pd.DataFrame:
    """Give each spell a line: its post, and where several hold one post at once, a line each; secretaries first."""
    order = {role: place for place, role in enumerate(rows.codes("role", Words("en")))}
    table = table.assign(order=table["role"].map(order)).sort_values(
        ["unit_id", "order", "post", "start_month"], kind="stable"
    )
    full: dict[tuple[str, str], list[int]] = {}
    names = []
    for spell in table.to_dict("records"):
        lanes = full.setdefault((spell["unit_id"], spell["post"]), [])
        lane = next((place for place, until in enumerate(lanes) if until <= spell["start_month"]), len(lanes))
        lanes[lane : lane + 1] = [FOREVER if pd.isna(spell["end_month"]) else int(spell["end_month"])]
        post = f"{spell['unit_name']} {spell['post']}" if several else spell["post"]
        names.append(f"{post} {lane + 1}" if lane else post)
    held = table["name"].fillna(table["post"])
    return table.assign(row=names, label=table["post"] if several else held, soft=~table["is_primary"].astype(bool))


def _spell_takeaway(scene: RotationScene, tables: Tables) -> str:
    table = tables["spell"]
    return scene.words.count(
        "{n} spell in {posts} posts in ten years.",
        "{n} spells in {posts} posts in ten years.",
        len(table),
        posts=numerals.whole(table[["unit_id", "post"]].drop_duplicates().shape[0]),
    )


def _stay_asks(scene: RotationScene) -> Asks:
    given = {"since": month.add(scene.as_of, -TEN_YEARS), "until": scene.as_of}
    return {"stay": ("rotation/time_in_post", {**given, "level": scene.level, "unit": scene.unit})}


def _draw_stay(scene: RotationScene, tables: Tables) -> Figure:
    return charts.survival(tables["stay"], say=scene.words, look=scene.look)


def _stay_takeaway(scene: RotationScene, tables: Tables) -> str:
    say, half = scene.words, charts.quantile(tables["stay"], 0.5)
    if half is None:
        return say("Fewer than half leave their post within the months seen.")
    said = say("Half leave their post within {years} years.")
    return said.format(years=f"{half / ONE_YEAR:.1f}")


def _grassroots_asks(scene: RotationScene) -> Asks:
    return {"grassroots": ("rotation/grassroots", {"as_of": scene.as_of, "unit": scene.unit, "level": scene.level})}


def _draw_grassroots(scene: RotationScene, tables: Tables) -> Figure:
    say, table = scene.words, tables["grassroots"]
    names = [
        " ".join([rows.code("body", body, say), "" if pd.isna(level) else rows.code("level", level, say)])
        for body, level in zip(table["body"], table["level"], strict=True)
    ]
    return charts.share_bars(table.assign(name=names), say=say, look=scene.look)


def _grassroots_takeaway(scene: RotationScene, tables: Tables) -> str:
    say, table = scene.words, tables["grassroots"]
    if table.empty:
        return say("Nobody is in a leading post here.")
    people, reached = int(table["people"].sum()), int(table["reached"].sum())
    said = say("{reached} of {people} in leading posts have {months} months at the grass roots ({share}).")
    share = numerals.percent(reached / people)
    months = int(table["months"].iloc[0])
    return said.format(reached=numerals.whole(reached), people=numerals.whole(people), months=months, share=share)


BOARD = Exhibit[RotationScene](
    "rotation/clock_ahead",
    lambda scene: scene.words("Clock board"),
    lambda scene: scene.words("people by rule and months ahead"),
    _board_asks,
    _board_takeaway,
    _draw_board,
    counting,
    chooses=("rule",),
    hint=lambda scene: scene.words("a click chooses the rule"),
    wide=True,
)
CLOCKS = Exhibit[RotationScene](
    "rotation/clock",
    lambda scene: scene.words("Whose clock it is"),
    lambda scene: scene.rule,
    _clock_asks,
    _clock_takeaway,
    evidence=counting,
    listed=("state", "due_month", "name", "unit_name", "post", "months"),
    counted=("state",),
)
FLOW = Exhibit[RotationScene](
    "rotation/flow",
    lambda scene: scene.words("From where to where"),
    lambda scene: scene.words("moves between kinds of unit · {span}").format(span=_span(scene)),
    _flow_asks,
    _flow_takeaway,
    _draw_flow,
    counting,
    wide=True,
)
MATRIX = Exhibit[RotationScene](
    "rotation/flow_table",
    lambda scene: scene.words("Moves in numbers"),
    lambda scene: scene.words("from rows to columns · {span}").format(span=_span(scene)),
    _flow_asks,
    _flow_takeaway,
    _draw_matrix,
    counting,
    chooses=("from_body", "body"),
    hint=lambda scene: scene.words("a click lists the people"),
    wide=True,
)
MOVERS = Exhibit[RotationScene](
    "rotation/mover",
    lambda scene: scene.words("Who arrived"),
    lambda scene: scene.words("{pair} · {span}").format(pair=_pair(scene), span=_span(scene)),
    _mover_asks,
    _mover_takeaway,
    evidence=counting,
    listed=("month", "name", "from_unit", "unit_name", "level", "exchange_reason"),
    counted=("month",),
)
BALANCE = Exhibit[RotationScene](
    "rotation/balance",
    lambda scene: scene.words("Two-way exchange"),
    lambda scene: scene.words("moves each way between tiers and kinds of unit · {span}").format(span=_span(scene)),
    _balance_asks,
    _balance_takeaway,
    _draw_balance,
    counting,
)
PROGRAMME = Exhibit[RotationScene](
    "rotation/programme",
    lambda scene: scene.words("Programmes by unit"),
    lambda scene: scene.words("people away in {month}; a dot is nobody").format(month=scene.words.month(scene.as_of)),
    _programme_asks,
    _programme_takeaway,
    _draw_programme,
    counting,
    chooses=("programme", "unit"),
    wide=True,
)
AWAY = Exhibit[RotationScene](
    "rotation/away",
    lambda scene: scene.words("Who is away"),
    lambda scene: scene.words("by programme and month due · {unit}").format(unit=scene.unit_name),
    _away_asks,
    _away_takeaway,
    evidence=counting,
    listed=("programme", "due_month", "name", "unit_name", "host_name", "post"),
)
AFTER_RETURN = Exhibit[RotationScene](
    "rotation/after_return",
    lambda scene: scene.words("After the return"),
    lambda scene: scene.words("postings that have ended, by what became of the people"),
    _return_asks,
    _return_takeaway,
    evidence=counting,
    listed=("programme", "returned", "promoted", "same_level", "left_service", "followed"),
)
SPELLS = Exhibit[RotationScene](
    "rotation/spell",
    lambda scene: scene.words("One career") if scene.person else scene.words("Who held each post"),
    lambda scene: scene.words("{where} · ten years to {month}").format(
        where=scene.person_name or scene.post_unit_name, month=scene.words.month(scene.as_of)
    ),
    _spell_asks,
    _spell_takeaway,
    _draw_spells,
    counting,
    wide=True,
)
TIME_IN_POST = Exhibit[RotationScene](
    "rotation/time_in_post",
    lambda scene: scene.words("Time in post"),
    lambda scene: scene.words("share still in the post · ten years to {month}").format(
        month=scene.words.month(scene.as_of)
    ),
    _stay_asks,
    _stay_takeaway,
    _draw_stay,
    counting,
)
GRASSROOTS = Exhibit[RotationScene](
    "rotation/grassroots",
    lambda scene: scene.words("Grass-roots years"),
    lambda scene: scene.words("share with the months that promotion expects, as far as postings are known"),
    _grassroots_asks,
    _grassroots_takeaway,
    _draw_grassroots,
    counting,
)
OF_PEOPLE = (CLOCKS, MOVERS, AWAY, SPELLS)
"""What lists or draws people one by one."""
EXHIBITS = (BOARD, FLOW, MATRIX, BALANCE, PROGRAMME, AFTER_RETURN, TIME_IN_POST, GRASSROOTS, *OF_PEOPLE)
