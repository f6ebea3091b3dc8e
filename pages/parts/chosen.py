"""What a briefing is to show as somebody chose it: written into an address, and into a template that is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from data import audit, history, keeping
from data.keeping import quoted
from data.store import Store
from pages.parts import briefing
from pages.parts.briefing import BriefingError, Item, Template
from pages.parts.words import Words

KEPT, REMOVED = "kept template", "removed template"
LONGEST = 60
NONE = "none"
"""What an address says where no template is chosen."""
NEXT, PART, MAY_LACK = "|", ";", "?"
"""What parts figures in an address, a figure from its filters, and marks one that may be left out."""
NOT_IN_NAMES = frozenset('/\\<>:"|?*')
UNIT, TARGET = ("unit",), ("unit", "target")
OPEN = ("level", "body", "sex")
GROUPED, YEARLY, TERM = ("year", "group"), ("unit", "year"), ("tier", "organ")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a figure is called wherever it can be chosen, under which topic, and the filters that change it."""

    topic: str
    name: str
    filters: Sequence[str]


def figures(say: Words) -> dict[str, Shown]:
    """Name every figure that a briefing can show, in the order of the pages."""
    return {
        f"{folder}/{name}": Shown(topic, title, takes)
        for folder, topic, held in _topics(say)
        for name, (title, takes) in held.items()
    }


def _topics(say: Words) -> Iterator[tuple[str, str, Mapping[str, tuple[str, Sequence[str]]]]]:
    yield "overview", say("Overview"), {
        "status": (say("Warnings by unit"), UNIT),
        "movers": (say("Large moves in assessments"), UNIT),
        "clocks": (say("Rotation clocks"), UNIT),
        "uptake": (say("Welfare and care"), UNIT),
    }  # fmt: skip
    yield "age_ladder", say("Age ladder"), {
        "quota": (say("Targets"), UNIT),
        "ladder": (say("Age ladder"), (*TARGET, "level", "sex")),
        "levels": (say("Ladder by level"), (*TARGET, "level", "sex")),
        "over_time": (say("Places filled, month by month"), TARGET),
        "change": (say("What moved the number"), TARGET),
        "by_unit": (say("The target in the units below"), TARGET),
        "heat": (say("Every target in every unit"), UNIT),
        "crossing": (say("Passing the age line"), TARGET),
        "roll_off": (say("Retiring, at the post age line, or without a full term left"), (*UNIT, "level", "sex")),
        "crossing_list": (say("Who passes the line"), (*TARGET, "level", "sex")),
        "boundary": (say("Ages that hang on a day, a gap or a reading"), (*TARGET, "level", "sex")),
    }  # fmt: skip
    yield "outlook", say("Outlook"), {
        "fan": (say("What may come"), TARGET),
        "bridge": (say("What moves the number until then"), TARGET),
        "reach": (say("What it takes"), TARGET),
        "lateness": (say("What a late start costs"), TARGET),
        "sensitivity": (say("What moves it"), TARGET),
        "roll_off": (say("Reaching a retirement line"), TARGET),
        "corridor": (say("Corridor to the term change"), TARGET),
    }  # fmt: skip
    yield "assessment", say("Assessment"), {
        "years": (say("Places year by year"), GROUPED),
        "intervals": (say("How sure the places are"), GROUPED),
        "slope": (say("Scores of two years"), GROUPED),
        "grade_share": (say("Excellent against the caps"), GROUPED),
        "team_sources": (say("The four sources compared"), GROUPED),
        "of_unit": (say("One unit through the years"), (*GROUPED, *UNIT)),
        "mover": (say("Far up or down"), GROUPED),
        "reminder": (say("To be reminded in a talk"), GROUPED),
        "cap_link": (say("Grades against the unit's result"), GROUPED),
        "head_above": (say("Heads above their ceiling"), GROUPED),
        "streak": (say("Excellent year after year"), GROUPED),
        "source_apart": (say("Sources far apart on one person"), GROUPED),
        "source_gap": (say("The four sources by class"), GROUPED),
        "rank_range": (say("Places under other weights"), GROUPED),
        "other_kinds": (say("Other kinds of assessment"), GROUPED),
    }  # fmt: skip
    yield "rotation", say("Rotation"), {
        "clock_ahead": (say("Clock board"), (*UNIT, "rule")),
        "flow": (say("From where to where"), (*UNIT, "level")),
        "flow_table": (say("Moves in numbers"), (*UNIT, "level")),
        "balance": (say("Two-way exchange"), UNIT),
        "programme": (say("Programmes by unit"), (*UNIT, "programme")),
        "after_return": (say("After the return"), UNIT),
        "time_in_post": (say("Time in post"), (*UNIT, "level")),
        "grassroots": (say("Grass-roots years"), UNIT),
        "clock": (say("Whose clock it is"), (*UNIT, "rule", "level")),
        "mover": (say("Who arrived"), (*UNIT, "level")),
        "away": (say("Who is away"), (*UNIT, "programme")),
        "spell": (say("Who held each post"), UNIT),
    }  # fmt: skip
    yield "welfare", say("Welfare and care"), {
        "uptake": (say("What was used"), (*YEARLY, "by")),
        "trend": (say("Through the year"), (*YEARLY, "item")),
        "funnel": (say("Units and chance"), (*YEARLY, "item", "body")),
        "gap": (say("Groups and all others"), (*YEARLY, "item")),
        "owed": (say("Days of leave owed"), YEARLY),
        "talk": (say("The yearly round of talks"), YEARLY),
        "talk_trigger": (say("Talks that were called for"), YEARLY),
        "township": (say("Townships beside county departments"), YEARLY),
        "owed_person": (say("Who is owed leave"), YEARLY),
        "talk_overdue": (say("Who has not been talked to"), YEARLY),
    }  # fmt: skip
    yield "capability", say("Capability"), {
        "hours": (say("Hours asked and taken"), (*YEARLY, "by")),
        "reach": (say("Reach of each kind of training"), (*YEARLY, "by")),
        "over_time": (say("Hours year by year"), UNIT),
        "silent": (say("Nothing for years"), (*YEARLY, "by")),
        "need": (say("What duties ask of teams"), UNIT),
        "need_unit": (say("Which teams lack somebody"), UNIT),
        "silent_person": (say("Who had nothing for years"), YEARLY),
    }  # fmt: skip
    yield "reserve", say("Reserve"), {
        "echelon": (say("Ready, of those needed for the posts that fall vacant"), UNIT),
        "people": (say("Who is in the reserve"), (*UNIT, "by")),
        "years_left": (say("Years still required in the posts below"), UNIT),
        "experience": (say("Experience"), UNIT),
        "flow": (say("Who came and went"), (*YEARLY, "reserve")),
        "person": (say("People in the reserve: what is required, and when it is met"), (*UNIT, "reserve")),
    }  # fmt: skip
    yield "rank_only", say("Rank-only civil servants"), {
        "stock": (say("How many, and where"), (*YEARLY, "by")),
        "over_time": (say("Year by year"), UNIT),
        "ahead": (say("The next two term changes"), UNIT),
        "asked": (say("Tasks, assessment and training"), (*YEARLY, "by")),
        "task": (say("Kinds of task"), YEARLY),
        "care": (say("Care beside that of leading posts"), YEARLY),
        "by_unit": (say("Unit by unit"), YEARLY),
        "idle_person": (say("Who has no task"), YEARLY),
    }  # fmt: skip
    yield "grass_roots", say("Grass roots"), {
        "upward": (say("Up from townships"), UNIT),
        "origin": (say("From where township teams come"), UNIT),
        "burden": (say("Checks and vetoes"), UNIT),
        "pay": (say("Pay beside county peers"), UNIT),
        "burden_unit": (say("Where checks grew"), UNIT),
    }  # fmt: skip
    yield "up_down", say("Up and down"), {
        "moves": (say("Up and down, year by year"), UNIT),
        "levels": (say("Up and down by level"), YEARLY),
        "ended": (say("Why posts ended, as postings tell it"), YEARLY),
        "reason_year": (say("Why, year by year"), YEARLY),
        "reason": (say("Why, and of whom"), YEARLY),
        "effect": (say("How long measures have effect"), UNIT),
        "effect_ahead": (say("When effects end"), UNIT),
        "protected": (say("Tolerance, correction and clearing"), YEARLY),
        "stage": (say("Days to each stage"), YEARLY),
        "talk": (say("Talks after decisions"), YEARLY),
        "effect_person": (say("Whose measure ends, is not lifted, or was followed by a move up"), UNIT),
        "overdue": (say("Cases that are overdue"), UNIT),
    }  # fmt: skip
    yield "tasks", say("Task list"), {
        "measure": (say("Tasks in their cycle"), ()),
        "point": (say("Definition and source of every clause"), ()),
    }  # fmt: skip
    yield "open", say("Open figures"), {
        "ladder": (say("Age ladder"), OPEN),
        "share_over_time": (say("Shares over time"), OPEN),
        "bodies": (say("Kinds of body"), OPEN),
        "levels": (say("Levels"), OPEN),
        "overdue": (say("Rotation clocks that have run out"), OPEN[:2]),
        "grade": (say("Grades of the year"), OPEN[:1]),
        "welfare": (say("Welfare and care"), OPEN[2:]),
    }  # fmt: skip
    yield "outlook", say("Timetable"), {
        "step": (say("Steps back from the term change"), TERM),
        "age_line": (say("Last useful age of an appointee"), TERM),
    }  # fmt: skip


def templates(store: Store) -> dict[str, Template]:
    """Every template by its name, those that are shipped first; BriefingError names one that cannot be read."""
    return {**briefing.templates(), **own(store)}


def own(store: Store) -> dict[str, Template]:
    """The templates that were made here."""
    return {path.stem: briefing.read(path) for path in sorted(store.templates.glob("*.toml"))}


def named(store: Store, name: str) -> Template:
    """A template by its name; BriefingError where there is none."""
    known = templates(store)
    if name not in known:
        message = f"There is no template {name}; there are {', '.join(known)}."
        raise BriefingError(message)
    return known[name]


def save(store: Store, name: str, items: Sequence[Item], say: Words, who: str = "") -> Template:
    """Keep figures as a template of `who` under a name of its own; BriefingError where it has none, or it is taken."""
    made = Template(name.strip(), name.strip(), name.strip(), items)
    if not 0 < len(made.name) <= LONGEST or not made.name.isprintable() or NOT_IN_NAMES.intersection(made.name):
        told = say("A template needs a name of 1 to {most} characters, without any of {signs}.")
        raise BriefingError(told.format(most=LONGEST, signs=" ".join(sorted(NOT_IN_NAMES))))
    if not items:
        raise BriefingError(say("A template shows at least one figure; choose one."))
    free = made.name not in (NONE, *briefing.templates()) and made.name[0] != "."
    with keeping.writing(store.templates):
        taken = BriefingError(say("There is a template {name} already; take another name.").format(name=made.name))
        if not free:
            raise taken
        with audit.entered(store, KEPT, who or history.whoever_runs_this(), made.name):
            if not keeping.put_first(store.templates / f"{made.name}.toml", text(made)):
                raise taken
    return made


def remove(store: Store, name: str, who: str = "") -> None:
    """Take a template that was made here away."""
    with keeping.writing(store.templates), audit.entered(store, REMOVED, who or history.whoever_runs_this(), name):
        (store.templates / f"{name}.toml").unlink(missing_ok=True)


def text(template: Template) -> str:
    """Write a template as its file reads."""
    lines = ["[title]", f"en = {quoted(template.title_en)}", f"zh = {quoted(template.title_zh)}"]
    for item in template.items:
        lines += ["", "[[show]]", f"exhibit = {quoted(item.exhibit)}"]
        if item.filters:
            given = (f"{name} = {quoted(code)}" for name, code in item.filters.items())
            lines.append(f"filters = {{ {', '.join(given)} }}")
        if item.may_lack:
            lines.append("may_lack = true")
    return "\n".join([*lines, ""])


def in_address(items: Sequence[Item]) -> str:
    """Write figures with their filters as a code of an address."""
    return NEXT.join(_code(item) for item in items)


def from_address(code: str) -> list[Item]:
    """Read what `in_address` wrote; what nobody knows is passed over."""
    return [item for each in code.split(NEXT) if (item := _item(each)).exhibit in briefing.EXHIBITS]


def _code(item: Item) -> str:
    filters = (f"{name}={quote(code, safe='')}" for name, code in item.filters.items())
    return PART.join([item.exhibit + (MAY_LACK if item.may_lack else ""), *filters])


def _item(code: str) -> Item:
    name, *parts = code.split(PART)
    pairs = (part.partition("=") for part in parts)
    filters = {key: unquote(value) for key, _, value in pairs if key and value}
    return Item(name.removesuffix(MAY_LACK), filters, name.endswith(MAY_LACK))


def of_unit(items: Sequence[Item], unit: str | None, known: Mapping[str, Shown]) -> list[Item]:
    """Show of a unit whatever shows no unit of its own; what says nothing of that unit is left out."""
    if unit is None:
        return list(items)
    return [
        replace(item, filters={"unit": unit, **item.filters}, may_lack=item.may_lack or "unit" not in item.filters)
        if item.exhibit in known and "unit" in known[item.exhibit].filters
        else item
        for item in items
    ]
