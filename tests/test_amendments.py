"""What a department changes of the rules: dated, never overwritten, and the past is judged by the rules of its day."""

import csv
import dataclasses
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import queries
from data import amendments, landing, policy
from data.access import LOCAL
from data.amendments import Amendment, AmendmentError
from data.store import Store
from queries import building, warehouse
from queries.warehouse import Warehouse
from tests import plain
from tests.conftest import CADRE, CADRE_MONTH
from tests.test_rules_are_rows import answer

RULES = CADRE / "policy"
SOURCE = {"document": "示例通知", "clause": "第二条", "confirmed": "to_confirm"}
Row = Mapping[str, str]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which nothing has landed and no rule was changed."""
    return Store(tmp_path / "store")


@pytest.fixture
def house(cadre_store: Store, tmp_path: Path) -> Store:
    """The twelve people in a store of their own."""
    return Store(Path(shutil.copytree(cadre_store.root, tmp_path / "house")))


def rows(store: Store, name: str) -> list[dict[str, str]]:
    """The rows of a table of the store, as one would write them."""
    return policy.rows(amendments.table(store, name, RULES), name)


def spells(store: Store, name: str, key: str, code: str, column: str) -> list[tuple[str, str, str]]:
    """From when to when a rule holds, and what it then says in a column."""
    return [(row["valid_from"], row["valid_to"], row[column]) for row in rows(store, name) if row[key] == code]


def edited(begins: int, name: str, key: str, code: str, **cells: str) -> Callable[[Store], Amendment]:
    """Write a change of one rule as the table is then in force."""
    return change(begins, name, lambda held: [{**row, **(cells if row[key] == code else {})} for row in held])


def change(begins: int | None, name: str, edit: Callable[[list[Row]], list[Row]]) -> Callable[[Store], Amendment]:
    """Write a change of a table: its rows in force in a month are edited."""

    def written(store: Store) -> Amendment:
        held = policy.rows(policy.in_force(name, amendments.table(store, name, RULES), begins or 0), name)
        return Amendment(
            table=name, begins=begins, changes=amendments.differences(name, held, edit([*held]), begins, SOURCE),
            reason="示例原因", document="示例通知", clause="第二条", who="示例甲", written="2026-10-31T08:00:00+00:00",
        )  # fmt: skip

    return written


def kept(store: Store, write: Callable[[Store], Amendment]) -> Amendment:
    """Write a change and keep it."""
    return amendments.record(store, write(store), RULES)


def withdrawn(store: Store, number: int) -> Amendment:
    """Take a change back."""
    told = {"reason": "误录", "who": "示例乙", "written": "2026-11-01T08:00:00+00:00"}
    return amendments.record(store, amendments.withdrawal(store, number, **told), RULES)


def refused(store: Store, write: Callable[[Store], Amendment]) -> str:
    """What is said of a change that is refused; nothing of it is kept."""
    before = amendments.history(store)
    with pytest.raises(AmendmentError) as error:
        kept(store, write)
    assert amendments.history(store) == before
    assert all(flaw.en and flaw.zh for flaw in error.value.flaws)
    return str(error.value)


half = edited(202701, "age_target", "target_id", "team_35", value="50%")


# --- a change, and the next -------------------------------------------------------------------------------------------


def test_the_old_row_ends_where_the_new_one_begins(store: Store) -> None:
    kept(store, half)
    assert spells(store, "age_target", "target_id", "team_35", "value") == [
        ("2016-01", "2027-01", "30%"), ("2027-01", "", "50%"),
    ]  # fmt: skip
    kept(store, edited(202801, "age_target", "target_id", "team_35", value="60%"))
    assert spells(store, "age_target", "target_id", "team_35", "value") == [
        ("2016-01", "2027-01", "30%"), ("2027-01", "2028-01", "50%"), ("2028-01", "", "60%"),
    ]  # fmt: skip


def test_a_new_row_says_where_it_comes_from_and_the_old_one_still_does(store: Store) -> None:
    kept(store, half)
    old, new = (row for row in rows(store, "age_target") if row["target_id"] == "team_35")
    assert (old["document"], old["clause"], old["confirmed"]) == ("示例指标", "第二条", "to_confirm")
    assert (new["document"], new["clause"], new["confirmed"]) == ("示例通知", "第二条", "to_confirm")


def test_a_clause_that_is_put_right_in_the_grid_is_a_change_though_the_change_names_a_document(store: Store) -> None:
    kept(store, edited(202701, "age_target", "target_id", "team_35", clause="第三条"))
    (row,) = (row for row in rows(store, "age_target") if row["target_id"] == "team_35")
    assert (row["document"], row["clause"], row["valid_from"]) == ("示例指标", "第三条", "2016-01")


def test_a_change_between_two_later_ones_ends_where_the_next_begins(store: Store) -> None:
    kept(store, half)
    kept(store, edited(202607, "age_target", "target_id", "team_35", value="40%"))
    assert spells(store, "age_target", "target_id", "team_35", "value") == [
        ("2016-01", "2026-07", "30%"), ("2026-07", "2027-01", "40%"), ("2027-01", "", "50%"),
    ]  # fmt: skip


def test_a_rule_begins_and_ends(store: Store) -> None:
    (own,) = (row for row in rows(store, "age_target") if row["target_id"] == "divisions_40")

    def instead(held: list[Row]) -> list[Row]:
        others = [row for row in held if row["target_id"] != "divisions_40"]
        return [*others, {**own, "target_id": "divisions_35", "upper_age": "36"}]

    kept(store, change(202701, "age_target", instead))
    assert spells(store, "age_target", "target_id", "divisions_40", "upper_age") == [("2016-01", "2027-01", "41")]
    assert spells(store, "age_target", "target_id", "divisions_35", "upper_age") == [("2027-01", "", "36")]


def test_who_confirms_a_rule_changes_nothing_else_of_it(store: Store) -> None:
    kept(store, edited(202701, "rotation_rule", "rule_id", "post_ten", confirmed="department"))
    assert spells(store, "rotation_rule", "rule_id", "post_ten", "confirmed") == [("2016-01", "", "department")]
    assert spells(store, "rotation_rule", "rule_id", "post_ten", "document") == [("2016-01", "", "示例交流规则")]


def test_a_term_change_that_lies_ahead_moves_and_one_that_was_held_does_not(store: Store) -> None:
    def moved(round_: str, to: str) -> Callable[[Store], Amendment]:
        def edit(held: list[Row]) -> list[Row]:
            own = [r for r in held if (r["tier"], r["organ"], r["round"]) == ("township", "party", round_)]
            return [{**row, "month": to} if row in own else row for row in held]

        return change(202611, "term_change", edit)

    kept(store, moved("2026", "2027-05"))
    township = [row for row in rows(store, "term_change") if row["tier"] == "township"]
    assert [(row["round"], row["month"]) for row in township] == [("2021", "2021-10"), ("2026", "2027-05")]
    assert "2021-10 lies before the change begins (2026-11)" in refused(store, moved("2021", "2027-01"))
    assert "2026-05 lies before the change begins (2026-11)" in refused(store, moved("2026", "2026-05"))


def test_a_table_without_time_changes_for_every_month(store: Store) -> None:
    def joined(held: list[Row]) -> list[Row]:
        lowest, second, *others = sorted(held, key=lambda row: int(row["lower_age"]))
        return [lowest, {**second, "name_zh": "中青年"}, *others]

    (changed,) = kept(store, change(None, "age_band", joined)).changes
    names = [row["name_zh"] for row in rows(store, "age_band")]
    assert names.count("中青年") == 1
    assert len(names) == len(policy.read("age_band", RULES))
    assert changed.was is not None
    assert "No band begins at age" in refused(
        store,
        change(
            None, "age_band", lambda held: [{**row, "lower_age": row["lower_age"].replace("36", "37")} for row in held]
        ),
    )


def test_a_term_change_that_was_held_is_confirmed_as_it_was(store: Store) -> None:
    kept(store, edited(202611, "term_change", "round", "2021", confirmed="department"))
    held = [row for row in rows(store, "term_change") if row["round"] == "2021"]
    assert {row["confirmed"] for row in held} == {"department"}
    assert {row["month"] for row in held} == {"2021-10", "2021-12", "2022-03", "2022-04"}


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (edited(202701, "age_target", "target_id", "team_35", value="a half"), "Write it as 20%, 0.2 or 1/5."),
        (edited(202701, "age_target", "target_id", "team_35", kind="quota"), "none of the allowed values"),
        (edited(202701, "age_target", "target_id", "team_35", upper_age="17"), "outside 18 to 80"),
        (edited(202701, "age_target", "target_id", "team_35", name_zh=""), "A value is needed here"),
        (edited(202701, "age_target", "target_id", "team_35", valid_to="2027-01"), "no longer hold in 2027-01"),
        (edited(202701, "age_target", "target_id", "team_35"), "Nothing would change"),
        (edited(202701, "rotation_rule", "rule_id", "near_five", below_months="90"), "gap or an overlap"),
        (edited(202701, "colour_rule", "colour", "yellow", missed_to="3"), "gap or overlap at 3 targets missed"),
        (edited(202701, "target_status", "status", "at_risk", spare_to="1"), "of share leave a gap or overlap"),
        (edited(202701, "timetable_step", "step_id", "review", before="nothing"), "counted to nothing, which is no"),
        (edited(202701, "assessment_weight", "source", "panel", percent="0"), "do not add up to 100"),
        (edited(202701, "welfare_entitlement", "rule_id", "leave_1", years_to="9"), "No step of the entitlement"),
        (change(202701, "age_target", lambda held: [*held, held[0]]), "There are two rows of it"),
        (change(202701, "grade_cap", lambda held: [{**row, "place": "x"} for row in held]), "Write digits only"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused_with_how_to_mend_it(
    store: Store, write: Callable[[Store], Amendment], said: str
) -> None:
    assert said in refused(store, write)


def test_a_gap_in_the_time_of_a_rule_is_refused(store: Store) -> None:
    ended = change(202701, "grade_cap", lambda held: [row for row in held if row["cap_id"] != "teams"])
    (own,) = (row for row in rows(store, "grade_cap") if row["cap_id"] == "teams")
    kept(store, ended)
    told = refused(store, change(202707, "grade_cap", lambda held: [*held, own]))
    assert "No row of it would hold from 2027-01 until 2027-07" in told
    assert "自 2027-01 至 2027-07 之前没有生效的规定" in told
    kept(store, change(202701, "grade_cap", lambda held: [*held, own]))
    assert spells(store, "grade_cap", "cap_id", "teams", "share") == [
        ("2016-01", "2027-01", "30%"), ("2027-01", "", "30%"),
    ]  # fmt: skip


def test_an_overlap_in_the_time_of_a_rule_is_refused(store: Store) -> None:
    kept(store, half)
    told = refused(store, edited(202607, "age_target", "target_id", "team_35", value="40%", valid_to="2027-06"))
    assert "Two rows of it would hold at once from 2027-01 on; let the earlier one end in 2027-01." in told


def test_weights_change_together(store: Store) -> None:
    shares = {"democratic": "30", "leader": "20", "panel": "10", "results": "40"}

    def other(held: list[Row]) -> list[Row]:
        own = [row for row in held if (row["scheme"], row["category"]) == ("nominal", "team")]
        return [{**row, "percent": shares[row["source"]]} if row in own else row for row in held]

    entry = kept(store, change(202701, "assessment_weight", other))
    assert len(entry.changes) == 2
    assert policy.broken(amendments.tables(store, RULES)) == []


def blank(entry: Amendment, name: str) -> Amendment:
    """The entry with nothing said in one field."""
    fields: dict[str, Any] = {name: " "}
    return dataclasses.replace(entry, **fields)


@pytest.mark.parametrize("name", ["reason", "document", "clause", "who"])
def test_a_change_says_why_by_what_and_who_enters_it(store: Store, name: str) -> None:
    said = refused(store, lambda store: blank(half(store), name))
    assert "in at most 500 characters" in said


def test_a_row_that_somebody_else_has_changed_meanwhile_is_not_changed_over_them(store: Store) -> None:
    seen = half(store)
    kept(store, edited(202612, "age_target", "target_id", "team_35", value="40%"))
    assert "has been changed meanwhile" in refused(store, lambda _: seen)


def test_where_nothing_can_be_written_the_change_is_refused_and_nothing_is_lost(store: Store) -> None:
    store.root.mkdir()
    store.amendments.write_text("in the way", encoding="utf-8")
    written = half(store)
    with pytest.raises(AmendmentError, match="all earlier ones are as they were"):
        amendments.record(store, written, RULES)


def test_an_entry_that_cannot_be_read_is_named(store: Store) -> None:
    kept(store, half)
    (store.amendments / "0002.json").write_text("{", encoding="utf-8")
    with pytest.raises(AmendmentError, match=r"0002\.json cannot be read"):
        amendments.tables(store, RULES)


# --- taking back ------------------------------------------------------------------------------------------------------


@pytest.mark.promise("entries.stay")
def test_what_is_taken_back_never_was_and_stays_in_the_history(store: Store) -> None:
    shipped = rows(store, "age_target")
    first = kept(store, half)
    back = withdrawn(store, first.number)
    assert rows(store, "age_target") == shipped
    assert [(entry.number, entry.withdraws, entry.who) for entry in amendments.history(store)] == [
        (1, None, "示例甲"), (2, 1, "示例乙"),
    ]  # fmt: skip
    assert back.table == "age_target"
    assert kept(store, half).number == 3


def test_what_a_later_change_stands_on_is_not_taken_back(store: Store) -> None:
    kept(store, half)
    kept(store, edited(202801, "age_target", "target_id", "team_35", value="60%"))
    with pytest.raises(AmendmentError, match="Amendment 2 changes the same rule after it"):
        withdrawn(store, 1)
    withdrawn(store, 2)
    withdrawn(store, 1)
    with pytest.raises(AmendmentError, match="Amendment 1 is withdrawn already"):
        withdrawn(store, 1)
    with pytest.raises(AmendmentError, match="There is no amendment 9"):
        withdrawn(store, 9)


@pytest.fixture
def later_rules(tmp_path: Path) -> Path:
    """The rules of a later version, in which those of targets begin in another month."""
    later = Path(shutil.copytree(RULES, tmp_path / "later"))
    file = later / "age_target.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("2016-01", "2016-02"), encoding="utf-8")
    return later


def test_what_begins_from_a_row_that_is_no_longer_shipped_can_be_taken_back(store: Store, later_rules: Path) -> None:
    kept(store, half)
    kept(store, edited(202701, "age_target", "target_id", "divisions_40", upper_age="39"))
    told = {"reason": "依据已变", "who": "示例乙", "written": "2026-11-01T08:00:00+00:00"}
    with pytest.raises(AmendmentError, match="Amendment 1 begins from a row that is no longer there; withdraw it"):
        amendments.tables(store, later_rules)
    with pytest.raises(AmendmentError, match="Amendment 2 begins from a row that is no longer there; withdraw it"):
        amendments.record(store, amendments.withdrawal(store, 1, **told), later_rules)
    for number in (2, 1):
        amendments.record(store, amendments.withdrawal(store, number, **told), later_rules)
    assert amendments.table(store, "age_target", later_rules) == policy.read("age_target", later_rules)


def test_what_belongs_to_an_example_city_goes_with_it(store: Store) -> None:
    entry = kept(store, half)
    assert amendments.history(store) == (entry,)
    landing.land(store, sorted(CADRE.glob("*.csv")), month=CADRE_MONTH)
    assert amendments.history(store) == ()
    assert kept(store, half).number == 2


# --- history is judged by the rules of its day ------------------------------------------------------------------------


def opened(store: Store) -> Warehouse:
    """The store, built under its rules and open to someone who may see everyone."""
    return warehouse.open_for(building.build(store, folder=RULES), LOCAL)


def quota(house: Warehouse, as_of: int, *columns: str) -> tuple[Any, ...]:
    """What the ledger says of township teams below 36."""
    answer = house.ask("age_ladder/quota", as_of=as_of)
    return next(row[1:] for row in plain.rows(answer, "target_id", *columns) if row[0] == "team_35")


@pytest.mark.promise("rules.dated")
def test_a_month_before_a_change_is_judged_as_before_and_the_term_change_by_the_new_rule(house: Store) -> None:
    # Eight are in post: 30 % are 3 of them, 50 % are 4; three count at the term change of February 2027
    kept(house, half)
    after = opened(house)
    assert quota(after, CADRE_MONTH, "base", "needed", "spare", "status") == (8, 3, 0, "at_risk")
    assert quota(after, 202701, "base", "needed") == (8, 4)
    assert quota(after, CADRE_MONTH, "needed_at_term", "have_at_term", "status_at_term") == (4, 3, "missed")


@pytest.mark.promise("rules.dated")
def test_a_clock_of_a_month_before_a_change_runs_as_before(house: Store) -> None:
    def overdue(opened: Warehouse, as_of: int) -> list[tuple[Any, ...]]:
        return plain.rows(opened.ask("rotation/clock", as_of=as_of, rule="post_ten"), "person_id", "due_month")

    before = opened(house)
    kept(house, edited(202701, "rotation_rule", "rule_id", "post_ten", months="240"))
    after = opened(house)
    assert overdue(before, 202612) != []
    assert overdue(after, 202612) == overdue(before, 202612)
    assert overdue(after, 202701) == []


@pytest.mark.promise("rules.dated")
def test_a_status_and_a_colour_of_a_month_before_a_change_are_as_before(house: Store) -> None:
    def colours(opened: Warehouse, as_of: int) -> list[tuple[Any, ...]]:
        return plain.rows(opened.ask("overview/status", as_of=as_of), "unit_id", "missed", "colour")

    before = opened(house)
    said = {as_of: colours(before, as_of) for as_of in (202612, 202701)}
    worse = {"green": ("0", "0"), "blue": ("1", "1"), "yellow": ("2", "2"), "red": ("3", "")}
    fewer = {"green": ("0", "0"), "blue": ("1", "7"), "yellow": ("8", "8"), "red": ("9", "")}
    assert worse.keys() == fewer.keys()

    def milder(held: list[Row]) -> list[Row]:
        return [{**row, **dict(zip(("missed_from", "missed_to"), fewer[row["colour"]], strict=True))} for row in held]

    kept(house, change(202701, "colour_rule", milder))
    after = opened(house)
    assert colours(after, 202612) == said[202612]
    assert "yellow" in {colour for _, _, colour in said[202701]}
    assert {colour for _, missed, colour in colours(after, 202701) if missed} == {"blue"}


HALF = "2024-07"
DATED = [name for name in policy.names() if policy.is_dated(name)]


def test_rules_that_go_on_unchanged_change_no_answer(house: Store, tmp_path: Path) -> None:
    halves = Path(shutil.copytree(RULES, tmp_path / "halves"))
    for name in DATED:
        with (RULES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            held = list(csv.DictReader(file))
        with (halves / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, held[0])
            writer.writeheader()
            for row in held:
                halved = row["valid_from"] < HALF < (row["valid_to"] or "9999-12")
                parts = ({"valid_to": HALF}, {"valid_from": HALF}) if halved else ({},)
                writer.writerows({**row, **part} for part in parts)
    before = opened(house)
    after = warehouse.open_for(building.build(house, folder=halves), LOCAL)
    assert {name for name in queries.names() if answer(before, name) != answer(after, name)} == {"roster/targets"}


def test_the_same_rules_make_the_same_build_and_other_rules_another(house: Store) -> None:
    first = building.build(house, folder=RULES)
    kept(house, half)
    second = building.build(house, folder=RULES)
    withdrawn(house, 1)
    assert first != second
    assert building.build(house, folder=RULES) == first


def test_a_preview_serves_nobody_until_its_rules_are_kept(house: Store) -> None:
    served = building.build(house, folder=RULES)
    entry = half(house)
    rules = amendments.tables(house, RULES, [dataclasses.replace(entry, number=1)])
    tried = building.preview(house, rules)
    assert warehouse.newest(house) == served
    assert quota(warehouse.open_for(tried, LOCAL), 202701, "needed") == (4,)
    amendments.record(house, entry, RULES)
    made: list[str] = []
    assert building.build(house, made.append, folder=RULES).stem == tried.stem
    assert made == []


def test_an_old_preview_that_cannot_be_deleted_keeps_none_from_being_made(house: Store) -> None:
    old, gone = house.previews / "held.duckdb", house.previews / "old.duckdb"
    old.mkdir(parents=True)
    gone.write_bytes(b"")
    for path in (old, gone):
        os.utime(path, (0, 0))
    assert building.preview(house, amendments.tables(house, RULES)).exists()
    assert old.exists()
    assert not gone.exists()
