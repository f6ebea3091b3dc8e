"""The outlook from the command line, on any store: what it says, as text and as JSON, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from data import backtests, landing
from data.store import Store
from models.__main__ import main
from queries import building
from tests import invented


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """What a command answers as JSON."""
    assert main([*words, "--format", "json"]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def written_out(row: dict[Any, Any]) -> str:
    """A posting as a line of a file."""
    end = "" if row["end_month"] == 999912 else row["end_month"]
    return f"{row['person_id']},{row['cell']},member,member,{row['start_month']},{end},yes"


def land(folder: Path, years: int) -> Path:
    """A roster of one body without levels, of so many years."""
    table = invented.roster(8, seats=40, cells=2, years=years)
    units = {str(cell): str(cell) for cell in table["cell"].unique()}
    births = table.groupby("person_id")["birth_month"].first().to_dict()
    written = {
        "unit": ["unit_id,name,body", *(f"{code},{name},other" for name, code in units.items())],
        "member": [
            "person_id,name,sex,birth",
            *(f"{person},{person},male,{birth}" for person, birth in births.items()),
        ],
        "posting": ["person_id,unit_id,post,role,start,end,primary", *map(written_out, table.to_dict("records"))],
    }
    for name, lines in written.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    store = Store(folder / "store")
    landing.land(store, [folder / f"{name}.csv" for name in written])
    building.build(store)
    return store.root


@pytest.fixture(scope="module")
def unlevelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of ten years of a roster that knows no levels."""
    return land(tmp_path_factory.mktemp("unlevelled"), 10)


def test_a_roster_without_levels_is_tested_at_any_ages(unlevelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("backtest", "--store", str(unlevelled), "--ages", "40,45", "--by", "unit_kind", "--paths", "40")
    answer = told(capsys, *words)
    assert answer["ages"] == [40, 45]
    assert answer["cells"] == "unit_kind"
    rows = answer["rows"]
    assert isinstance(rows, list)
    assert {row["mode"] for row in rows} == {"plan", "practice"}
    assert {row["size"] for row in rows} == {12, 0, 41} & {row["size"] for row in rows}
    for row in rows:
        assert row["mae"] >= 0
        assert {"no_change", "linear_trend", "ageing_only", "long_run_mean", "flat_exit"} <= set(row)
    assert told(capsys, *words)["rows"] == rows


def test_the_usual_test_is_kept_beside_its_build_and_no_other(
    small_city: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ("--store", str(small_city.root))
    other = told(capsys, "backtest", *store, "--years", "1", "--paths", "20")
    assert backtests.kept(small_city, str(other["build"])) is None
    answer = told(capsys, "backtest", *store)
    kept = backtests.kept(small_city, str(answer["build"]))
    assert kept is not None
    assert kept.errors.round(2).to_dict("records") == answer["rows"]
    assert (kept.paths, kept.seed) == (answer["paths"], answer["seed"]) == (300, 0)


def test_a_roster_that_no_target_asks_of_is_asked_for_ages(
    unlevelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backtest", "--store", str(unlevelled)]) == 2
    assert "give --ages" in capsys.readouterr().err


def test_five_years_are_too_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = land(tmp_path, 4)
    assert main(["backtest", "--store", str(store), "--ages", "40"]) == 2
    assert "six whole years" in capsys.readouterr().err


def test_a_target_is_projected_and_reached_without_the_screen(
    small_city: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ("--store", str(small_city.root))
    projected = told(capsys, "project", "township_team_35", *store, "--until", "2029-12", "--plan", "3")
    assert projected["plan"] == [3, 3, 3, 0]
    reached = told(capsys, "reach", "township_team_35", *store, "--until", "2029-12", "--probability", "0.5")
    assert ("appointments_a_year" in reached) != ("answer" in reached)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("project", "nobody"), "No target 'nobody' is asked"),
        (("project", "township_team_35", "--until", "2020-01"), "No term change of township_team_35 is known after"),
    ],
)
def test_what_can_not_be_answered_is_said(
    small_city: Store, words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--store", str(small_city.root)]) == 2
    assert says in capsys.readouterr().err


def test_a_store_without_a_build_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "--store", str(tmp_path)]) == 2
    assert "There is no build" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("backtest", "--by", "colour"), ("reach", "x", "--probability", "9")])
def test_words_that_mean_nothing_are_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(list(words))
    assert "usage" in capsys.readouterr().err
