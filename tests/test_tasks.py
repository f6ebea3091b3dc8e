"""The register of clauses is complete and true, and a task stands as its indicator and its day say."""

import datetime as dt
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import icalendar
import pytest

import queries
from data import month, policy, steps
from data.steps import Entry
from data.store import Store
from pages.exhibits import tasks as exhibits
from pages.exhibits.tasks import BEHIND, EXHIBITS, PLAN, TasksScene
from pages.parts import answers, calendar, look, words
from queries.warehouse import Warehouse
from tests import figures, plain
from tests.conftest import CADRE, CADRE_MONTH, OpenPage, well
from tests.test_pages import GUEST, names_in, said, title

PAGE = "tasks"
ENGLISH, CHINESE = words.of("en"), words.of("zh_CN")
POINTS = {"opinions": 22, "two_duties": 5}
"""The points of the one policy and the highlights of the other."""
TITLES = {"opinions": "新时代新担当新作为的实施意见", "two_duties": "台州市"}
HIGHLIGHTS = ("一是", "二是", "三是", "四是", "五是")
NO_TOPIC_OF_A_CLAUSE = {"roster"}
"""What other questions stand on: units, months, what may be shown."""
STAMP = dt.datetime(2026, 10, 31, 8, 0, tzinfo=dt.UTC)


def shipped() -> list[dict[str, str]]:
    """The register as it is shipped, as people write it."""
    return policy.rows(policy.read("measure"), "measure")


def split(joined: str) -> list[str]:
    """What is joined by | in a cell."""
    return [each for each in joined.split("|") if each]


def citing() -> Iterator[tuple[str, str, int | None]]:
    """Every table of rules with the policy that a row of it cites, and the point where the row names one."""
    for table in set(policy.names()) - {"measure"}:
        for row in policy.rows(policy.read(table), table):
            for paper in (paper for paper, name in TITLES.items() if name in row["document"]):
                points: list[int | None] = [
                    int(n) for group in re.findall(r"第([\d、]+)条", row["clause"]) for n in group.split("、")
                ]
                points += [place for place, name in enumerate(HIGHLIGHTS, 1) if row["clause"].startswith(name)]
                yield from ((table, paper, point) for point in points or [None])


@pytest.mark.promise("clauses.complete")
def test_every_point_of_both_policies_is_in_the_register() -> None:
    listed = {(row["paper"], int(row["point"])) for row in shipped()}
    assert listed == {(paper, point) for paper, last in POINTS.items() for point in range(1, last + 1)}


@pytest.mark.promise("clauses.complete")
def test_no_line_of_the_register_is_empty() -> None:
    for row in shipped():
        whole, none = row["served"] == "yes", row["served"] == "no"
        assert bool(row["questions"]) != none, row["measure_id"]
        assert bool(row["why_en"] and row["why_zh"]) != whole, row["measure_id"]
    assert policy.broken(policy.all_tables(), "measure") == []


@pytest.mark.promise("clauses.complete")
def test_what_the_register_names_is_there() -> None:
    named = {each for row in shipped() for each in split(row["questions"])}
    assert named <= set(queries.names())
    assert {each for row in shipped() for each in split(row["rules"])} <= set(policy.names())
    assert {exhibits.page_of(each, ENGLISH) for each in named} >= {"Timetable", "Outlook", "Rotation", "Task list"}


@pytest.mark.promise("clauses.complete")
def test_every_topic_of_questions_serves_a_clause() -> None:
    named = {each.split("/")[0] for row in shipped() for each in split(row["questions"])}
    assert named == {name.split("/")[0] for name in queries.names()} - NO_TOPIC_OF_A_CLAUSE


@pytest.mark.promise("clauses.complete")
def test_every_rule_that_cites_a_point_stands_beside_it() -> None:
    beside = {(table, row["paper"], int(row["point"])) for row in shipped() for table in split(row["rules"])}
    cited = set(citing())
    assert len(cited) > len(POINTS)
    of_papers = {(table, paper, None) for table, paper, _ in beside}
    assert cited - beside - of_papers == set()


def test_the_points_count_as_in_plain_python(city: Warehouse) -> None:
    counted = Counter((row["paper"], int(row["point"]), row["served"]) for row in shipped())
    found = plain.rows(city.ask("tasks/point", as_of=CADRE_MONTH))
    assert found == [
        (paper, point, *(sum(of), *of))
        for paper, last in POINTS.items()
        for point in range(1, last + 1)
        for of in [tuple(counted[paper, point, served] for served in ("yes", "partly", "no"))]
    ]


# --- how a task stands ------------------------------------------------------------------------------------------------


def entry(measure: str, state: str, **more: Any) -> Entry:
    """Something entered of a task."""
    tier, round_, organ = steps.TASKS
    usual = {"tier": tier, "round": round_, "organ": organ, "step_id": measure, "state": state, "who": "示例甲"}
    return Entry(**{**usual, "written": "2026-09-01T00:00:00+00:00", **more})


class Stage(figures.Stage):
    """The scenes of one warehouse."""

    def scene(self, **chosen: Any) -> TasksScene:
        """Every task in October 2026, nothing entered, unless chosen otherwise."""
        usual: dict[str, Any] = {
            "as_of": CADRE_MONTH, "data_month": CADRE_MONTH, "unit": None, "unit_name": "示例市", "words": ENGLISH,
            "look": look.LIGHT, "paper": None, "owner": None, "year": 2026, "min_group": 1, "told": (),
        }  # fmt: skip
        return TasksScene(**(usual | chosen))

    def states(self, **chosen: Any) -> dict[str, str]:
        """How each task of a scene stands."""
        plan = self.tables(PLAN, self.scene(**chosen))["plan"]
        return dict(zip(plan["measure_id"], plan["state"], strict=True))


@pytest.fixture(scope="module")
def stage(twelve: Warehouse) -> Stage:
    return Stage(twelve)


@pytest.fixture(scope="module")
def town(city: Warehouse) -> Stage:
    return Stage(city)


@pytest.mark.parametrize(
    ("as_of", "every", "first", "last"),
    [
        (202610, 12, "2026-01-01", "2026-12-31"),
        (202610, 6, "2026-07-01", "2026-12-31"),
        (202609, 3, "2026-07-01", "2026-09-30"),
        (202402, 1, "2024-02-01", "2024-02-29"),
        (202612, 5, "2026-11-01", "2027-03-31"),
    ],
)
def test_a_cycle_is_counted_from_january(as_of: int, every: int, first: str, last: str) -> None:
    assert exhibits.cycle(as_of, every) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_a_task_stands_as_its_indicator_and_its_day_say(stage: Stage) -> None:
    # two of six targets are short where none may be, and five of ten did not use all their leave where a fifth may not
    assert stage.states() == {"conviction": "ahead", "leave": BEHIND, "young_pool": "ahead", "young_targets": BEHIND}
    plan = stage.tables(PLAN, stage.scene())["plan"]
    assert [exhibits.measured(row, ENGLISH) for row in plan.to_dict("records")] == [
        "",
        "people who did not use all their leave: 5 of 10, at most 20%",
        "",
        "targets short: 2 of 6, at most 0%",
    ]


def test_a_day_that_was_entered_counts_and_the_rule_goes_before_it(stage: Stage) -> None:
    told = (
        entry("conviction", "done", day=20260105),
        entry("young_pool", "under_way", day=20261015),
        entry("young_targets", "done", day=20261001),
    )
    assert stage.states(told=told) == {
        "conviction": "done", "leave": BEHIND, "young_pool": "overdue", "young_targets": BEHIND,
    }  # fmt: skip


def test_what_was_done_in_an_earlier_cycle_is_due_again(stage: Stage) -> None:
    assert stage.states(told=(entry("conviction", "done", day=20251231),))["conviction"] == "ahead"
    # sixty days of notice before 31 December begin on 1 November
    assert stage.states(as_of=202611)["conviction"] == "soon"


def test_a_policy_and_an_owner_choose_tasks(stage: Stage) -> None:
    assert set(stage.states(paper="two_duties")) == {"young_targets"}
    assert set(stage.states(owner="干部科")) == {"young_pool", "young_targets"}


def test_every_indicator_of_the_contract_is_counted(town: Stage) -> None:
    found = town.tables(PLAN, town.scene())
    choices = {choice for row in shipped() for choice in [row["indicator"]] if choice}
    assert choices == set(exhibits.INDICATORS)
    for count in exhibits.INDICATORS.values():
        open_, every = count(found)
        assert 0 <= open_ <= every


def test_the_takeaway_names_first_what_is_furthest_beyond_its_limit(stage: Stage) -> None:
    # half of ten where a fifth may, and a third of six where none may: thirty and thirty-three per cent beyond
    scene = stage.scene()
    assert PLAN.takeaway(scene, stage.tables(PLAN, scene)) == (
        "2 of 4 tasks are behind the rule, furthest: Young cadres; Leave."
    )


def test_a_clock_is_open_once_its_month_has_come_whichever_month_is_the_first(town: Stage) -> None:
    ahead = town.tables(PLAN, town.scene())["clocks"]
    ahead = ahead[(ahead["force"] != "remind")]
    assert exhibits.INDICATORS["clocks"]({"clocks": ahead[~ahead["over"]]}) == (
        0,
        int(ahead.loc[ahead["month"] > CADRE_MONTH, "people"].sum()),
    )


@pytest.mark.parametrize("house", ["stage", "town"])
@pytest.mark.parametrize("say", [ENGLISH, CHINESE], ids=["en", "zh_CN"])
@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda each: each.key)
def test_every_figure_speaks_in_whole_sentences(
    exhibit: Any, say: words.Words, house: str, request: pytest.FixtureRequest
) -> None:
    opened: Stage = request.getfixturevalue(house)
    scene = opened.scene(words=say, told=(entry("conviction", "done", day=20261005),))
    found = opened.tables(exhibit, scene)
    spoken = figures.said(exhibit, scene, found)
    assert [text for text in spoken if figures.NEVER_SAID.search(text) or not text.strip()] == []
    assert exhibit.takeaway(scene, found).endswith((".", "。"))


@pytest.mark.promise("exports.same")
def test_the_calendar_holds_the_last_day_of_every_task_that_is_not_done(stage: Stage) -> None:
    scene = stage.scene(told=(entry("conviction", "done", day=20260105), entry("young_pool", "planned", day=20261130)))
    plan = stage.tables(PLAN, scene)["plan"]
    read = icalendar.Calendar.from_ical(calendar.file("Task list", exhibits.days(plan, ENGLISH), STAMP))
    events = {str(event["uid"]): event.decoded("dtstart") for event in read.walk("VEVENT")}
    assert events == {
        "leave-202612@cadre-dashboard": dt.date(2026, 12, 31),
        "young_pool-202611@cadre-dashboard": dt.date(2026, 11, 30),
        "young_targets-202612@cadre-dashboard": dt.date(2026, 12, 31),
    }


def test_the_workbook_holds_every_task_and_every_clause(town: Stage) -> None:
    scene = town.scene(words=CHINESE)
    sheets = exhibits.sheets(scene, town.tables(PLAN, scene)["plan"], "build")
    assert [len(table) for table in sheets.values()] == [len(shipped()), len(shipped()), 3]
    reasons = sheets["条款对照"]["未反映原因"].tolist()
    assert reasons == [row["why_zh"] for row in shipped()]


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["board", "gantt", "clauses"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_page_runs_to_its_end_in_either_language_and_names_nobody(page: OpenPage, language: str, part: str) -> None:
    app = page(lang=language, by=part)
    assert {
        "en": "4 tasks: 2 behind the rule, 0 overdue, 0 due soon, 0 done",
        "zh_CN": "共 4 项任务：2 项未达规定，0 项逾期，0 项临期，0 项已完成",
    }[language] == title(app)
    assert names_in(app) == set()


def test_the_register_says_for_each_clause_what_serves_it_or_why_nothing_does(page: OpenPage) -> None:
    table = next(body for body in said(page(lang="zh_CN", by="clauses"), "table-box"))
    for told in (
        "2018年实施意见 第一条",
        "属于教育引导和宣传工作，不宜以数量统计。",
        "welfare/uptake",
        "关心关爱",
        "年龄梯次",
    ):
        assert told in table


def test_an_entry_of_a_task_is_no_entry_of_a_term_change() -> None:
    made = entry("conviction", "planned")
    assert made.plan == steps.TASKS
    assert replace(made, tier="county", round=2026).plan != steps.TASKS


@pytest.fixture
def house(cadre_store: Store, tmp_path: Path) -> Store:
    """The twelve people in a store of their own, that entries can be made in."""
    return Store(Path(shutil.copytree(cadre_store.root, tmp_path / "house")))


@pytest.fixture
def page_store(house: Store) -> Store:
    """What the page shows, and where its entries go."""
    return house


def test_what_is_entered_on_the_page_is_kept_and_changes_the_state(page: OpenPage, house: Store) -> None:
    app = page(lang="en", more="enter")
    app.selectbox(key="enter_state").select("done")
    app.text_input(key="enter_who").input("示例甲")
    app.text_input(key="enter_note").input("<b>on time</b>")
    well(app.button(key="FormSubmitter:enter-Enter").click().run())
    assert title(app) == "4 tasks: 2 behind the rule, 0 overdue, 0 due soon, 1 done"
    (kept,) = steps.history(house)
    assert (kept.plan, kept.step_id, kept.state, kept.day) == (steps.TASKS, "conviction", "done", 20261031)
    listed = page(lang="en", more="entries")
    assert any("示例甲" in text and "Conviction" in text for text in said(listed, "table-box"))


def test_whoever_may_not_plan_reads_the_tasks_and_enters_nothing(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LOCAL", GUEST)
    app = page(lang="en", more="enter")
    assert "4 tasks" in title(app)
    assert [box.key for box in app.text_input] == []


@pytest.mark.parametrize("as_of", [201512, 201601, 202610, 202612, 202701])
def test_a_month_has_the_measures_of_its_rows_as_in_plain_python(twelve: Warehouse, as_of: int) -> None:
    rows = policy.rows(policy.read("measure", CADRE / "policy"), "measure")
    held = [
        row["measure_id"]
        for row in rows
        if month.parse(row["valid_from"]) <= as_of and (not row["valid_to"] or as_of < month.parse(row["valid_to"]))
    ]
    assert [row[0] for row in plain.rows(twelve.ask("tasks/measure", as_of=as_of), "measure_id")] == held
