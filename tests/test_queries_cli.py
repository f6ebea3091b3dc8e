"""Asking without the screen: the same answers as the page's, in three forms, and a sentence for every mistake."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import queries
from data.landing import land
from data.store import Store
from queries.__main__ import as_csv, main
from queries.warehouse import Answer
from tests.server import HOUSE

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(cadre_store: Store, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        code = main([words[0], *words[1:], "--store", str(cadre_store.root)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_list_names_every_question_with_what_it_asks(run: Run) -> None:
    _, out, _ = run("list")
    assert "age_ladder/quota" in out
    assert "How far is each target from being met" in out


def test_show_gives_the_file_as_it_is(run: Run) -> None:
    _, out, _ = run("show", "age_ladder/quota")
    assert out.startswith("-- asks: How far")
    assert "order by target.place" in out


def test_csv_holds_the_rows(run: Run) -> None:
    _, out, _ = run("ask", "age_ladder/quota", "--as-of", "2026-10", "--format", "csv")
    rows = {row["target_id"]: row for row in csv.DictReader(io.StringIO(out))}
    assert (rows["team_35"]["needed"], rows["team_35"]["have"]) == ("3", "3")


def test_csv_runs_nothing_in_a_spreadsheet_and_keeps_numbers() -> None:
    table = pd.DataFrame({"name": ["=1+1", "＋甲", "甲", None], "spare": [-14, 0, 4, 7], "share": [-0.5, 1, None, 0]})
    query = queries.parse("invented/csv", "-- asks: What is invented here?\nselect 1")
    answer = Answer(query, {}, "0123456789ab", 202610, table)
    assert as_csv(answer, []).splitlines() == [
        "name,spare,share", "'=1+1,-14,-0.5", "'＋甲,0,1.0", "甲,4,", ",7,0.0"
    ]  # fmt: skip
    none = Answer(query, {}, "0123456789ab", 202610, table.head(0))
    assert as_csv(none, []) == "name,spare,share\n"


def test_json_carries_definition_parameters_build_and_clause(run: Run) -> None:
    words = ("--since", "2021-10", "--until", "2026-10", "--target", "team_35", "--format", "json")
    _, out, _ = run("ask", "age_ladder/change", *words)
    told = json.loads(out)
    assert told["parameters"] == {"since": 202110, "until": 202610, "target": "team_35", "unit": None}
    assert told["sources"] == ["示例指标：第二条"]
    assert told["data_month"] == 202610
    assert len(told["build"]) == 12
    assert "year and month" in told["definition"]
    assert told["columns"]["people"].startswith("people")
    assert [row["people"] for row in told["rows"]] == [1, 1, 1, -1, 0, -1, -1, 0, 0]


@pytest.mark.parametrize(
    ("words", "sources"),
    [
        (("age_ladder/ladder",), ["干部年龄结构统计常用分段"]),
        (("age_ladder/crossing", "--until", "2027-02"), ["示例指标：第三条"]),
        (("age_ladder/over_time", "--target", "party_women"), ["示例指标：第四条"]),
        (
            ("age_ladder/roll_off", "--until", "2029-01"),
            [
                "某市干部系统提醒规则（见公开代码库）：正职满58周岁",
                "示例换届安排：第一条",
                "国务院关于渐进式延迟法定退休年龄的办法（2024-09-13）：第一条",
                "示例换届安排：第二条",
            ],
        ),
        (("roster/units",), []),
    ],
)
def test_an_answer_names_the_clauses_it_rests_on_and_no_others(
    run: Run, words: tuple[str, ...], sources: list[str]
) -> None:
    _, out, _ = run("ask", *words, "--format", "json")
    assert json.loads(out)["sources"] == sources


def test_a_table_writes_months_as_people_do(run: Run) -> None:
    _, out, _ = run("ask", "age_ladder/crossing", "--since", "2026-10", "--until", "2028-01")
    assert "2027-11" in out
    assert "202711" not in out


def test_a_month_left_out_is_the_data_month(run: Run) -> None:
    assert run("ask", "age_ladder/quota") == run("ask", "age_ladder/quota", "--as-of", "2026-10")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("age_ladder/nothing",), "There is no question 'age_ladder/nothing'"),
        (("age_ladder/quota", "--as-of", "2026-13"), "'2026-13' is not a month; write it as 2026-10."),
        (("age_ladder/quota", "--unit", "9"), "There is no unit '9' in this build."),
        (("age_ladder/quota", "--colour", "red"), "age_ladder/quota does not take colour; it takes as_of, unit."),
        (("age_ladder/over_time",), "age_ladder/over_time needs target."),
        (("age_ladder/quota", "--as-of", "2040-01"), "2040-01 lies after the last month that is counted, 2027-12."),
        (("age_ladder/quota", "--unit"), "'--unit' is not understood; write parameters as --name value."),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    code, out, err = run("ask", *words)
    assert (code, out) == (2, "")
    assert sentence in err


def test_a_build_lists_what_does_not_fit_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "person_id,unit_id,post,role,start\nP01,001.009,书记,secretary,2026-11\n"
    (tmp_path / "posting.csv").write_text(rows, encoding="utf-8")
    roster = [HOUSE / "tests" / "cadre" / f"{source}.csv" for source in ("unit", "member")]
    land(Store(tmp_path / "store"), [*roster, tmp_path / "posting.csv"], month=202610)
    assert main(["build", "--store", str(tmp_path / "store")]) == 0
    out = capsys.readouterr().out
    assert "2 findings" in out
    assert "Unit 001.009 is not in the list of units" in out
    assert "The appointment (20261100) lies after the month that the data stand at" in out


def test_a_build_that_finds_much_says_how_much_and_writes_it_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "person_id,unit_id,post,role,start\n"
    rows = "".join(f"P01,=9.{number:02d},书记,secretary,20{number:02d}-01\n" for number in range(1, 23))
    (tmp_path / "posting.csv").write_text(head + rows, encoding="utf-8")
    roster = [HOUSE / "tests" / "cadre" / f"{source}.csv" for source in ("unit", "member")]
    land(Store(tmp_path / "store"), [*roster, tmp_path / "posting.csv"], month=202610)
    main(["build", "--store", str(tmp_path / "store")])
    out = capsys.readouterr().out
    assert "22 findings" in out
    assert "… and 2 more; write them all with --findings CSV" in out
    main(["build", "--store", str(tmp_path / "store"), "--findings", str(tmp_path / "all.csv")])
    written = list(csv.DictReader((tmp_path / "all.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert sorted(row["value"] for row in written) == [f"'=9.{number:02d}" for number in range(1, 23)]
