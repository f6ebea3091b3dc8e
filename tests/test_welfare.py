"""What is promised of welfare and care: nothing is kept that may not be, and no small group can be worked out."""

import csv
import itertools
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

import queries
from data import contract, landing, policy, sample
from data import month as months
from data.access import LOCAL
from data.contract import ContractError
from data.reading import ReadingError
from data.sample import welfare
from data.sample.careers import Careers
from data.sample.city import layout
from data.sample.rounds import careers_of
from data.store import Store
from models import rates
from queries import building, warehouse
from queries.warehouse import Warehouse
from tests import plain
from tests.conftest import CADRE

KEPT = {"code", "choice", "integer", "date", "yesno"}
LEAST = 10
HEADINGS = "人员编码,年度,关爱事项,已享（天数或1）"
USED = "person_id,year,item,number,entitled,used,date,excluded,trigger,trigger_date"


@pytest.mark.promise("kept.never")
def test_the_contract_has_no_column_in_which_a_text_could_stand() -> None:
    columns = contract.load("welfare_use").columns
    assert {column.type for column in columns} <= KEPT
    assert [column.name for column in columns if column.type == "code"] == ["person_id"]
    assert all(column.choices for column in columns if column.type == "choice")


@pytest.mark.promise("kept.never")
@pytest.mark.parametrize("extra", ["诊断", "体检结果", "谈话内容", "备注"])
def test_a_file_with_a_column_more_is_refused_and_not_a_byte_of_it_is_kept(extra: str, tmp_path: Path) -> None:
    store, file = Store(tmp_path / "store"), tmp_path / "体检.csv"
    file.write_text(f"{HEADINGS},{extra}\nP01,2026,体检,1,某某\n", encoding="utf-8")
    with pytest.raises(ReadingError, match=extra):
        landing.land(store, [CADRE / "unit.csv", file])
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path != file]
    assert not any("某某".encode() in path.read_bytes() for path in kept)
    assert not store.manifest().batches


def test_the_same_file_without_it_lands(tmp_path: Path) -> None:
    store, file = Store(tmp_path / "store"), tmp_path / "体检.csv"
    file.write_text(f"{HEADINGS}\nP01,2026,体检,1\nP02,2026,体检,2\n", encoding="utf-8")
    report = landing.land(store, [file], month=202610)
    assert (report.landed, report.rejected) == (1, 1)
    assert [(finding.row, finding.column) for finding in report.findings] == [(3, "已享（天数或1）")]


@pytest.mark.promise("kept.never")
def test_no_finding_and_no_copy_keeps_a_cell_of_a_closed_file(tmp_path: Path) -> None:
    store, file = Store(tmp_path / "store"), tmp_path / "体检.csv"
    file.write_text(f"{HEADINGS}\nP01,2026,体检,高血压三级\nP02,2026,高血压,1\nP03,2026,体检,1\n", encoding="utf-8")
    assert landing.land(store, [CADRE / "unit.csv", file], month=202610).rejected == 2
    kept = [path for path in store.root.rglob("*") if path.is_file()]
    assert not any("高血压".encode() in path.read_bytes() for path in kept)
    assert [path.name for path in store.inbox.rglob("*") if path.is_file()] == ["unit.csv"]
    closed = [source for source in contract.SOURCES if contract.load(source).closed]
    assert not [check.name for source in closed for check in contract.load(source).checks
                if check.when == "row" and "{value}" in check.en + check.zh]  # fmt: skip


def test_a_workbook_with_a_sheet_more_is_refused_and_not_a_byte_of_it_is_kept(tmp_path: Path) -> None:
    store, path = Store(tmp_path / "store"), tmp_path / "关爱.xlsx"
    good = {"关爱": [HEADINGS.split(","), ["P01", "2026", "体检", "1"]]}
    write(path, {**good, "诊断": [["姓名", "结论"], ["某某", "高血压三级"]]})
    with pytest.raises(ReadingError, match="诊断"):
        landing.land(store, [CADRE / "unit.csv", path], month=202610)
    assert not [kept for kept in store.root.rglob("*") if kept.is_file()]
    write(path, good)
    assert landing.land(store, [path], month=202610).landed == 1


def write(path: Path, sheets: dict[str, list[list[str]]]) -> None:
    """A workbook of these sheets."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)


def test_a_file_that_does_not_say_what_was_used_is_not_read_as_none(tmp_path: Path) -> None:
    store, file = Store(tmp_path / "store"), tmp_path / "体检.csv"
    file.write_text("人员编码,年度,关爱事项\nP01,2026,体检\n", encoding="utf-8")
    report = landing.land(store, [CADRE / "unit.csv", file], month=202610)
    assert [finding.column for finding in report.findings] == ["已享（天数或1）"]
    assert [(count.source, count.landed) for count in report.counts] == [("unit", 7), ("welfare_use", 0)]


def told(folder: Path, *lines: str) -> tuple[Warehouse, landing.Report]:
    """The twelve people with these rows of use alone, and what became of the rows."""
    store, file = Store(folder), folder / "welfare_use.csv"
    folder.mkdir(exist_ok=True)
    file.write_text("\n".join([USED, *lines]) + "\n", encoding="utf-8")
    report = landing.land(
        store, [*(CADRE / f"{name}.csv" for name in ("unit", "member", "posting")), file], month=202610
    )
    return warehouse.open_for(building.build(store), LOCAL), report


def found(opened: Warehouse, *names: str) -> set[tuple[str, str]]:
    """Rule and record of what the build found, of some rules."""
    table = warehouse.finding_table(opened.path)
    return {(rule, record) for rule, record in zip(table["rule"], table["record"], strict=True) if rule in names}


def test_what_was_used_without_a_stored_entitlement_is_counted(tmp_path: Path) -> None:
    opened, _ = told(
        tmp_path, "P06,2026,hardship_aid,1,,1,,,", "P09,2026,recuperation,1,,7,,,", "P01,2026,time_off,1,,0,,,"
    )
    asked = plain.rows(
        opened.ask("welfare/uptake", year=2026, min_group=1), "side", "item", "people", "entitled", "used"
    )
    assert [row[1:] for row in asked if row[0] == "all"] == [("recuperation", 1, 7, 7), ("hardship_aid", 1, 1, 1)]
    assert found(opened, "used_without_entitlement") == set()


def test_what_was_used_against_rule_or_file_is_found(tmp_path: Path) -> None:
    # P09 leads a county, P08 has no leave by the regulation, P10's file says 0; P03 has a right to a check-up
    opened, _ = told(
        tmp_path, "P09,2026,township_allowance,1,1,1,,,", "P08,2026,leave,1,,3,,是,", "P10,2026,time_off,1,0,2,,,",
        "P03,2026,checkup,1,,1,,,", "P09,2026,talk,1,,1,,,",
    )  # fmt: skip
    assert {record for _, record in found(opened, "used_without_entitlement")} == {
        "P09 2026 township_allowance", "P08 2026 leave", "P10 2026 time_off",
    }  # fmt: skip


def test_rows_that_no_answer_can_count_are_found(tmp_path: Path) -> None:
    opened, report = told(
        tmp_path, "P01,2026,checkup,1,1,1,,,", "P99,2026,checkup,1,1,1,,,", "P01,2027,checkup,1,1,1,,,"
    )
    assert report.rejected == 0
    assert found(opened, "person_is_known", "year_is_known") == {
        ("person_is_known", "P99 2026 checkup"), ("year_is_known", "P01 2027 checkup"),
    }  # fmt: skip


def test_a_talk_answers_only_what_came_before_it(tmp_path: Path) -> None:
    # early signs want a talk within 15 days. P01: 10 days after. P02: within June, of which the 20th called.
    # P03: held, undated. P04: in May, so that the call is unanswered. P05: a month after it at least. P06: whole dates
    # reversed, which does not land.
    called = {
        "P01": ("2026-06-30", "2026-06-20"), "P02": ("2026-06", "2026-06-20"), "P03": ("", "2026-06-20"),
        "P04": ("2026-05", "2026-06-20"), "P05": ("2026-08", "2026-06"), "P06": ("2026-01-24", "2026-06-20"),
    }  # fmt: skip
    opened, report = told(
        tmp_path, *(f"{who},2026,talk,1,,1,{date},,early_sign,{since}" for who, (date, since) in called.items())
    )
    assert [finding.row for finding in report.findings if finding.file == "welfare_use.csv"] == [7]
    columns = ("cases", "in_time", "late", "missed", "undated", "waiting")
    assert plain.rows(opened.ask("welfare/talk_trigger", year=2026, min_group=1), *columns) == [(3, 1, 1, 1, 2, 0)]


def test_no_map_may_bring_a_foreign_file_of_welfare(tmp_path: Path) -> None:
    given = tmp_path / "map.toml"
    given.write_text('[welfare_use]\nfile = "a.csv"\nperson_id = "{id}"\n', encoding="utf-8")
    (tmp_path / "a.csv").write_text("id,x\n1,2\n", encoding="utf-8")
    with pytest.raises(ReadingError, match="takes no map"):
        landing.land(Store(tmp_path / "store"), [tmp_path / "a.csv"], map_path=given)


def test_an_entitlement_that_differs_from_the_rule_is_found(twelve: Warehouse) -> None:
    table = warehouse.finding_table(twelve.path)
    found = table[table["source"] == "welfare_entitlement"]
    # P06 has 10 days by the rule; P11, seconded to a township, is paid its allowance but holds no post there
    assert found["record"].to_list() == ["P06 2026 leave", "P11 2026 township_allowance"]
    assert "15, 10" in found["en"].iloc[0]


@pytest.mark.promise("welfare.small_groups")
@pytest.mark.parametrize("name", queries.names("welfare"))
def test_every_question_asks_for_the_smallest_group(name: str) -> None:
    assert "min_group" in {parameter.name for parameter in queries.load(name).takes if not parameter.optional}


@pytest.mark.parametrize("name", queries.names("welfare"))
def test_without_anything_of_welfare_every_question_is_answered_with_no_row(name: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    landing.land(store, [CADRE / f"{source}.csv" for source in contract.REQUIRED], month=202610)
    opened = warehouse.open_for(building.build(store), LOCAL)
    known = {"year": 2026, "min_group": 1, "item": "leave"}
    given = {p.name: known[p.name] for p in queries.load(name).takes if not p.optional}
    assert opened.ask(name, **given).table.empty


@pytest.mark.promise("welfare.small_groups")
@pytest.mark.parametrize("name", ["welfare/owed_person", "welfare/talk_overdue"])
def test_a_row_about_one_person_is_only_shown_where_a_group_of_one_may_be(name: str, twelve: Warehouse) -> None:
    assert len(twelve.ask(name, year=2026, min_group=1).table) > 0
    assert twelve.ask(name, year=2026, min_group=2).table.empty


def groups(opened: Warehouse, least: int) -> dict[tuple[str, str, str | None], list[tuple[int | None, int]]]:
    """What uptake shows of each item and side beside what it truly is, unit by unit."""
    units = [None, *opened.ask("roster/units").table["unit_id"]]
    found: dict[tuple[str, str, str | None], list[tuple[int | None, int]]] = defaultdict(list)
    for unit, year in itertools.product(units, (2025, 2026)):
        shown, true = (
            plain.rows(opened.ask("welfare/uptake", year=year, min_group=each, unit=unit), "item", "side", "people")
            for each in (least, 1)
        )
        for (item, side, people), (_, _, truly) in zip(shown, true, strict=True):
            found[f"{item} {year}", side, unit].append((people, truly))
    return found


@pytest.mark.promise("welfare.small_groups")
def test_what_is_hidden_is_never_one_group_nor_too_few_together(city: Warehouse) -> None:
    hidden_somewhere = 0
    for (_, side, _), cells in groups(city, LEAST).items():
        hidden = [truly for shown, truly in cells if shown is None]
        assert all(shown is None or shown >= LEAST for shown, _ in cells)
        if side != "all" and hidden:
            hidden_somewhere += 1
            assert len(hidden) == len(cells) or (len(hidden) > 1 and sum(hidden) >= LEAST)
    assert hidden_somewhere > 20


def test_entitlement_follows_the_rule_of_which_the_article_is_cited(twelve: Warehouse) -> None:
    rows = plain.rows(twelve.ask("welfare/owed_person", year=2026, min_group=1), "person_id", "entitled", "clause")
    rules = {row["clause"]: int(row["amount"]) for row in read("welfare_entitlement") if row["item"] == "leave"}
    assert all(clause is None or rules[clause] == entitled for _, entitled, clause in rows)


def read(name: str) -> list[dict[str, str]]:
    """A policy table as it is shipped."""
    with (policy.FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def truth() -> Careers:
    """The careers of a city of 10,000, as the sample makes them."""
    return careers_of(layout(10_000), np.random.default_rng([1, 0]), months.number(202610), 120)


@pytest.mark.parametrize("item", ["leave", "checkup", "time_off"])
def test_the_example_uses_as_much_as_its_known_rates_say(item: str, truth: Careers) -> None:
    today, dice = months.number(202610), np.random.default_rng(5)
    spells = truth.spells()
    worked = welfare.began_work(truth, spells, dice)
    used = welfare.uses(truth, spells, worked, dice, today)
    year = today // 12 - 1
    who = welfare.staff(truth, spells, worked, year, today)
    rate = dict(zip(who.person.tolist(), welfare.chance(item, who, truth.city, years_ago=1).tolist(), strict=True))
    rows = (used.item == welfare.ITEMS.index(item)) & (used.year == year) & (used.excluded == 0)
    full = (used.used >= used.entitled)[rows]
    for body in ("township", "municipal_department"):
        inside = np.isin(used.person[rows], who.person[who.body == body])
        expected = np.mean([rate[person] for person in used.person[rows][inside].tolist()])
        low, high = rates.wilson(int(full[inside].sum()), int(inside.sum()), z=4)
        assert low < expected < high


def test_the_example_city_shows_each_situation(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = Store(tmp_path_factory.mktemp("whole_city"))
    sample.generate(store, people=10_000)
    opened = warehouse.open_for(building.build(store), LOCAL)
    city = layout(10_000)
    busy = city.units[welfare.busy_office(city)]
    unit = opened.ask("welfare/funnel", year=2025, item="leave", min_group=LEAST, body=busy.body).table
    seen = unit[~unit["suppressed"].astype(bool)].reset_index(drop=True)
    verdicts = rates.outside(seen["full_use"].astype(int), seen["people"].astype(int))["verdict"]
    assert list(seen["unit_name"][verdicts == "below_99_8"]) == [busy.name]
    everywhere = opened.ask("welfare/funnel", year=2025, item="leave", min_group=LEAST).table
    assert everywhere["suppressed"].any()
    gap = opened.ask("welfare/gap", year=2025, item="leave", min_group=LEAST).table
    assert {"higher", "lower"} <= set(gap["finding"].dropna())
    beside = opened.ask("welfare/township", year=2025, min_group=LEAST).table
    assert (beside[beside["item"] == "leave"]["finding"] == "lower").any()
    called = opened.ask("welfare/talk_trigger", year=2026, min_group=1).table
    assert all(called[name].sum() > 0 for name in ("in_time", "late", "missed", "waiting"))
    assert len(opened.ask("welfare/talk_overdue", year=2025, min_group=1).table) > 20
    assert set(opened.ask("welfare/owed", year=2025, min_group=1).table["owed"]) >= {0, 5, 10, 15}
    assert len(warehouse.finding_table(opened.path))


def test_a_contract_that_is_asked_for_a_column_it_does_not_have_says_so() -> None:
    with pytest.raises(ContractError, match="no column 'diagnosis'"):
        contract.load("welfare_use").column("diagnosis")
