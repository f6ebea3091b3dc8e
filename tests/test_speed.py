"""Speed: a run of the benchmark keeps what it measured, says what failed, and tells how far each goal is."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import queries
from data import speeds
from data.speeds import Goal, Report, Row, SpeedError
from data.store import Store
from pages.exhibits import outlook as exhibits
from pages.parts import measured, numerals, phrases, words
from tests.bench import floor, goals, outlook, questions, quoted, table
from tests.bench.run import City, Run
from tests.conftest import OpenPage, opened
from tests.server import HOUSE
from tests.test_pages import said

PAGE = "assurance"
EN, ZH = words.of("en"), words.of("zh_CN")
ROWS = (
    Row("age_ladder/quota", "marts", 0.02, people=100),
    Row("age_ladder/quota", "plain SQL", 0.05, ratio=2.5, people=100),
    Row("age_ladder/quota", "marts", 0.04, people=10_000),
    Row("age_ladder/quota", "plain SQL", 2.0, ratio=50, people=10_000),
    Row("age_ladder/quota", "pandas, this month only", 0.4, memory=7_000_000, people=10_000),
    Row("age_ladder/by_unit", "marts", 0.01, people=10_000),
    Row("build", "file", size=3_000_000, people=10_000),
)
GOAL = Goal("a", "As fast.", "同样快。", "least", 100.0, "ratio", 50.0, "The file is small.", "文件小。")
REPORT = Report("2026-11-22T20:00:00+00:00", "abc", {"machine": "2 cores", "Python": "3.11"}, (GOAL,), ROWS)


def given(**more: str) -> goals.Given:
    """A goal as it is written: how much slower plain SQL is than the marts, unless something else is said."""
    usual = {
        "code": "a", "en": "As fast.", "zh": "同样快。", "at": "largest", "quantity": "seconds", "bound": "least",
        "of": "age_ladder/quota|plain SQL", "to": "age_ladder/quota|marts", "value": "100", "unit": "ratio",
        "reason_en": "The file is small.", "reason_zh": "文件小。",
    }  # fmt: skip
    return usual | more


@pytest.mark.parametrize(
    ("goal", "reached", "met"),
    [
        (given(), 50, False),
        (given(value="50"), 50, True),
        (given(at="smallest"), 2.5, False),
        (given(at="growth", of="age_ladder/quota|marts", bound="most", value="2"), 2, True),
        (
            given(at="10000", of="age_ladder/quota|marts", to="", unit="seconds", value="0.03", bound="most"),
            0.04,
            False,
        ),
        (given(of="build|file", to="", quantity="size", unit="bytes", bound="most", value="3e6"), 3e6, True),
        (given(at="1000000"), None, None),
        (given(of="age_ladder/by_unit|marts", at="smallest", unit="seconds", to="", bound="most"), 0.01, True),
        (given(of="age_ladder/quota|Polars"), None, None),
    ],
)
def test_a_goal_compares_what_it_names_at_the_size_it_names(
    goal: goals.Given, reached: float | None, met: bool | None
) -> None:
    (found,) = goals.reached(ROWS, [goal])
    assert (found.measured, found.is_met) == (reached, met)


def test_a_goal_is_taken_of_the_largest_city_in_which_both_were_measured() -> None:
    rows = (*ROWS, Row("age_ladder/quota", "plain SQL", 9.0, people=1_000_000))
    assert [goal.measured for goal in goals.reached(rows, [given(), given(at="1000000")])] == [50, None]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (20_000, "ratio", "20,000 ×"), (3.25, "ratio", "3.2 ×"), (0.000046, "ratio", "0.000046 ×"),
        (0, "seconds", "0 ms"), (0.000212, "seconds", "0.21 ms"),
        (0.0142, "seconds", "14 ms"), (61.4, "seconds", "61 s"),
        (2.2e9, "bytes", "2,200 MB"), (340_000, "bytes", "0.3 MB"), (0.704, "share", "70%"),
        (2.1e-12, "number", "2e−12"),
    ],
)  # fmt: skip
def test_measures_are_written_shortly(value: float, unit: str, text: str) -> None:
    assert numerals.measure(value, unit) == text


def test_growth_is_the_time_against_the_next_smaller_city() -> None:
    (line,) = table.lines(10_000, ROWS[2:3], headed=False, before={("age_ladder/quota", "marts"): 0.02})
    assert line == "| 10,000 | age_ladder/quota | marts | 40 ms |  |  | 2 × |  |  |  |"


def test_a_size_that_is_measured_later_is_added_to_the_run_that_is_kept() -> None:
    rows = (
        Row("build", "file", size=4_000_000, people=10_000),
        Row("age_ladder/quota", "marts", 0.1, people=1_000_000),
    )
    later = replace(REPORT, began="2026-11-24T01:00:00+00:00", version="def", rows=rows)
    found = speeds.joined(REPORT, later)
    assert found.rows == (*ROWS[:2], *rows)
    assert (found.began, found.version) == (REPORT.began, "abc")
    assert measured.added(found, EN) == [
        "10,000 people added on 2026-11-24, version def",
        "1,000,000 people added on 2026-11-24, version def",
    ]
    assert measured.when(found, EN).endswith("version def")
    assert measured.added(REPORT, EN) == []
    again = speeds.joined(found, replace(later, version="ghi", rows=rows[1:]))
    assert [row for row in again.rows if row.people == 1_000_000] == [rows[1]]
    assert measured.added(again, EN) == [
        "10,000 people added on 2026-11-24, version def",
        "1,000,000 people added on 2026-11-24, version ghi",
    ]


def test_a_run_of_another_machine_is_not_added() -> None:
    other = replace(REPORT, facts={"machine": "8 cores"})
    with pytest.raises(SpeedError, match=r"of another machine \(2 cores\)"):
        speeds.joined(REPORT, other)


def test_a_run_is_read_as_it_was_kept(tmp_path: Path) -> None:
    speeds.write(tmp_path / "2026-11-22.json", REPORT)
    assert speeds.read(tmp_path / "2026-11-22.json") == REPORT


def test_of_a_roster_too_large_for_pages_other_ways_are_left_out(
    small_city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    postings = len(opened(small_city).ask("outlook/posting").table)
    monkeypatch.setattr(exhibits, "MOST_POSTINGS", postings - 1)
    learnt, told, *others = outlook.measure(small_city.root)
    assert (learnt.what, learnt.remark) == ("outlook: learnt once a build", f"{postings:,} postings")
    assert [row.seconds is None for row in (learnt, told, *others)] == [False, False, True, True]
    assert [(row.what, row.how) for row in others] == [
        ("rates of leaving", "left out"), ("least appointments a year", "left out"),
    ]  # fmt: skip


@pytest.mark.promise("speed.measured")
def test_what_fails_says_so_and_only_that_is_measured_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def measures(name: str, *, fails: bool) -> Callable[[City], list[Row]]:
        def measure(city: City) -> list[Row]:
            asked.append(name)
            if fails:
                message = f"{city.people} are too many.\nMore of that."
                raise ValueError(message)
            return [Row(name, "by hand", 0.5)]

        return measure

    city, first = City(tmp_path, 100, 1), Run(tmp_path / "run")
    first.section("one", city, measures("one", fails=False))
    (failed,) = first.section("two", city, measures("two", fails=True))
    assert failed == Row("two", "failed", remark="ValueError: 100 are too many.", people=100, failed=True)
    first.end()
    second = Run(tmp_path / "run", goes_on=True)
    for name in ("one", "two"):
        second.section(name, city, measures(name, fails=False))
    assert asked == ["one", "two", "two"]
    assert second.rows == [Row(name, "by hand", 0.5, people=100) for name in ("one", "two")]
    assert second.at == first.at
    second.end()
    assert not (tmp_path / "run").exists()


@pytest.mark.promise("speed.measured")
def test_every_goal_that_the_kept_run_does_not_reach_says_why() -> None:
    kept = speeds.latest()
    assert kept is not None
    assert {goal.code for goal in kept.goals} <= {goal["code"] for goal in goals.given()}
    assert [goal.code for goal in kept.goals if not goal.is_met and not (goal.reason_en and goal.reason_zh)] == []


@pytest.mark.promise("speed.measured")
def test_the_sql_that_other_engines_run_gives_the_answers_of_the_marts(
    small_city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floor, "ARRAY_BYTES", 1_000_000)
    rows = questions.measure(small_city.root, rounds=1, people=800)
    assert [row for row in rows if row.failed] == []
    ways = {(row.what, row.how) for row in rows}
    asked = {question for question, way in ways if way == "SQLite"} - {"tables of its own"}
    assert asked == {"age_ladder/ladder", "age_ladder/over_time", "assessment/streak", "welfare/uptake"}
    assert {(question, "DuckDB") for question in asked} < ways


@pytest.mark.promise("speed.measured")
def test_both_readmes_quote_the_run_that_is_kept(tmp_path: Path) -> None:
    kept = speeds.latest()
    assert kept is not None
    for name in quoted.READMES:
        (tmp_path / name).write_text(f"before\n{quoted.BEGIN}\nold\n{quoted.END}\nafter", encoding="utf-8")
    quoted.quote(kept, tmp_path)
    for name in quoted.READMES:
        (before, text, after) = re.split(f"{quoted.BEGIN}|{quoted.END}", (tmp_path / name).read_text(encoding="utf-8"))
        assert (before, after) == ("before\n", "\nafter")
        assert text in (HOUSE / name).read_text(encoding="utf-8")


def test_questions_stand_beside_other_ways_as_multiples_of_our_time() -> None:
    asked = queries.load("age_ladder/quota").asks
    found = measured.comparisons(REPORT, EN).drop(columns="Question")
    assert measured.comparisons(REPORT, EN)["Question"].unique().tolist() == [asked]
    assert found.to_dict("records") == [
        {"Number of people": "100", "This program": "20 ms", "plain SQL": "2.5 ×", "pandas": ""},
        {"Number of people": "10,000", "This program": "40 ms", "plain SQL": "50 ×", "pandas": "10 ×"},
    ]


def test_a_goal_says_why_only_where_it_is_not_met() -> None:
    met = replace(REPORT, goals=(GOAL, replace(GOAL, measured=120.0), replace(GOAL, measured=None)))
    assert measured.goals(met, EN)[["Result", "Set at", "Measured", "Why"]].to_numpy().tolist() == [
        ["■ not reached", "≥ 100 ×", "50 ×", "The file is small."],
        ["● met", "≥ 100 ×", "120 ×", ""],
        ["▲ not measured", "≥ 100 ×", "", "The file is small."],
    ]


@pytest.mark.promise("speed.measured")
def test_every_row_of_the_run_is_told_with_its_growth_and_the_sizes_under_one_another() -> None:
    told = measured.every(REPORT, EN)
    assert told["Way"].to_list() == [
        "marts",
        "marts",
        "plain SQL",
        "plain SQL",
        "pandas, this month only",
        "marts",
        "file",
    ]
    assert told["Number of people"].to_list() == ["100", "10,000", "100", "10,000", "10,000", "10,000", "10,000"]
    assert told["Growth"].to_list() == ["", "2 ×", "", "40 ×", "", "", ""]
    assert told.iloc[4].to_list()[3:] == ["400 ms", "", "", "", "7.0 MB", "", ""]
    assert told.iloc[6].to_list() == ["build", "file", "10,000", "", "", "", "", "", "3.0 MB", ""]


NAMES = {
    "pandas", "numpy", "Polars", "DuckDB", "SQLite", "PostgreSQL", "fastexcel", "go.Figure", "Plotly Express",
    ".xlsx", ".pptx", ".html", ".pdf", "municipal_divisions_40",
}  # fmt: skip


@pytest.mark.promise("words.both")
def test_whatever_the_kept_run_calls_its_rows_has_words_in_chinese() -> None:
    kept = speeds.latest()
    assert kept is not None
    texts = [text for row in kept.rows for text in (row.what, row.how, row.remark)]
    assert {part for text in texts for part in phrases.unknown(text)} <= NAMES


def test_a_text_of_the_benchmark_is_said_phrase_by_phrase() -> None:
    said = "page age_ladder, rerun, 50 readers who think 5 s"
    assert phrases.told(said, ZH) == "年龄梯次页，再次运行，50 人同时使用（每 5 秒操作一次）"
    assert phrases.told(said, EN) == said
    assert phrases.told("pandas by openpyxl, unchecked", ZH) == "pandas（用 openpyxl），不校验"
    remark = "99 % within 28 ms; 1,250 answered, none failed · version abc"
    assert phrases.told(remark, ZH) == "99% 不超过 28 毫秒；答复 1,250 次，无失败；版本 abc"
    assert phrases.told("left out, above 1,000,000 people", ZH) == "未测，超过 1,000,000 人"
    assert phrases.told("of which pages learn nothing", ZH) == "页面不做推算"
    assert phrases.told("age_ladder/quota", EN) == queries.load("age_ladder/quota").asks
    assert phrases.unknown("SQLite, unchecked; a new thing") == ["SQLite", "a new thing"]


def test_the_page_shows_the_newest_run_in_either_language(
    page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speeds, "FOLDER", tmp_path)
    speeds.write(tmp_path / "2026-11-21.json", replace(REPORT, goals=()))
    speeds.write(tmp_path / "2026-11-22.json", REPORT)
    for language, sentence in (("en", "As fast."), ("zh", "同样快。")):
        tables = said(page(lang=language), "table-box")
        assert sentence in " ".join(tables)
        assert "pandas" in tables[-1]


def test_measures_that_cannot_be_read_are_said_and_the_page_stands(
    page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speeds, "FOLDER", tmp_path)
    (tmp_path / "2026-11-22.json").write_text('{"goals": [{}]}', encoding="utf-8")
    with pytest.raises(SpeedError, match="holds no measures of speed"):
        speeds.latest()
    assert "holds no measures of speed" in page(lang="en").error[0].value
