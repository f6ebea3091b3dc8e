"""The statutory month of retirement: published points, the edges, and every birth month against a count by hand."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from data import amendments, month, policy
from data.amendments import Amendment
from data.store import Store
from models import __main__ as command
from models import retirement
from models.retirement import Age, StatutoryRule
from queries import warehouse
from tests.conftest import SMALL_CITY

pytestmark = pytest.mark.promise("retirement.months")

MEN = StatutoryRule(base=60, step=4, cap=36, reform_start=202501)
WOMEN_CADRES = StatutoryRule(base=55, step=4, cap=36, reform_start=202501)
WOMEN_WORKERS = StatutoryRule(base=50, step=2, cap=60, reform_start=202501)

PUBLISHED = """
60 196312 202312 60y0m | 60 196402 202402 60y0m | 60 196501 202502 60y1m | 60 196512 202603 60y3m
60 196601 202605 60y4m | 60 196602 202606 60y4m | 60 196603 202607 60y4m | 60 196604 202608 60y4m
60 197005 203110 61y5m | 60 197506 203802 62y8m | 60 198809 205109 63y0m | 60 199512 205812 63y0m
60 200012 206312 63y0m
55 196304 201804 55y0m | 55 197001 202502 55y1m | 55 197006 202508 55y2m | 55 197009 202512 55y3m
55 197104 202608 55y4m | 55 197106 202611 55y5m | 55 198809 204609 58y0m | 55 200012 205812 58y0m
50 197501 202502 50y1m | 50 197506 202509 50y3m | 50 197606 202703 50y9m | 50 197701 202802 51y1m
50 198411 203911 55y0m | 50 198809 204309 55y0m | 50 199512 205012 55y0m
"""
EDGES = """
60 196412 202412 60y0m | 60 196504 202505 60y1m | 60 196505 202507 60y2m
60 197608 203907 62y11m | 60 197609 203909 63y0m
55 196912 202412 55y0m | 55 198108 203907 57y11m | 55 198109 203909 58y0m
50 197412 202412 50y0m | 50 198410 203909 54y11m
"""
STANDING = """
select distinct
    standing.sex, member.identity, standing.level, member.age_limit,
    standing.birth_month, member.retire_month, standing.statutory_month, standing.early_month
from whole.standing
inner join whole.member using (person_id)
where standing.birth_month is not null
"""
DIVISION_AND_ABOVE = ("1A21", "1A22", "1A31", "1A32")
CLASSES = {60: MEN, 55: WOMEN_CADRES, 50: WOMEN_WORKERS}
SHIPPED = policy.read("retirement").to_pylist()


def points(text: str) -> list[tuple[int, int, int, str]]:
    """The written points as (age before the reform, birth, retirement, age then)."""
    cells = [point.split() for line in text.strip().splitlines() for point in line.split("|")]
    return [(int(base), int(birth), int(reached), age) for base, birth, reached, age in cells]


def counted_through_the_cohort(rule: StatutoryRule, last: int) -> dict[int, int]:
    """Every birth month from 1955-01 to `last`, walked one by one with a running delay; no formula."""
    table: dict[int, int] = {}
    delay = births_since_last_delay = 0
    birth = 195501
    while birth <= last:
        original = birth + 100 * rule.base
        if original >= rule.reform_start:
            if births_since_last_delay % rule.step == 0 and delay < rule.cap:
                delay += 1
            births_since_last_delay += 1
        reached = original
        for _ in range(delay):
            reached = reached + 1 if reached % 100 < 12 else reached + 89
        table[birth] = reached
        birth = birth + 1 if birth % 100 < 12 else birth + 89
    return table


@pytest.mark.parametrize(("base", "birth", "reached", "age"), points(PUBLISHED) + points(EDGES))
def test_a_published_point_is_met_to_the_month(base: int, birth: int, reached: int, age: str) -> None:
    found = retirement.retirement_month(birth, CLASSES[base])
    assert found == reached
    assert str(Age.at(found, birth)) == age


@pytest.mark.parametrize("rule", CLASSES.values(), ids=lambda rule: f"base {rule.base}")
def test_every_birth_month_agrees_with_a_count_through_the_cohort(rule: StatutoryRule) -> None:
    table = counted_through_the_cohort(rule, last=200512)
    assert len(table) == 51 * 12
    assert {birth: retirement.retirement_month(birth, rule) for birth in table} == table


@pytest.mark.parametrize("rule", CLASSES.values(), ids=lambda rule: f"base {rule.base}")
def test_a_whole_column_gives_what_each_cell_gives(rule: StatutoryRule) -> None:
    births = np.array([month.add(195501, later) for later in range(51 * 12)], dtype=np.int32)
    alone = [retirement.retirement_month(int(birth), rule) for birth in births]
    assert retirement.retirement_months(births, rule).tolist() == alone


def test_a_stored_month_is_right_before_the_rule() -> None:
    assert retirement.retirement_month(197005, MEN, stored=203006) == 203006
    assert retirement.retirement_month(197005, None, stored=203006) == 203006


@pytest.mark.parametrize("limit", [63, 65, 66])
def test_an_age_limit_without_a_published_formula_stays_unknown(limit: int) -> None:
    rule = retirement.published_rules(SHIPPED).get(limit)
    assert rule is None
    assert retirement.retirement_month(197005, rule) is None


def test_the_policy_table_holds_the_three_published_classes() -> None:
    assert retirement.published_rules(SHIPPED) == CLASSES


def test_the_command_prints_month_and_age(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["retire", "1970-05", "--line", "60"]) == 0
    assert capsys.readouterr().out == "2031-10 61y5m\n"


def test_the_command_counts_by_the_rules_of_the_store_it_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path / "store")
    held = policy.rows(policy.in_force("retirement", policy.read("retirement"), 202701), "retirement")
    slower = [{**row, "step": "2"} if row["kind"] == "statutory" and row["age"] == "60" else row for row in held]
    source = {"document": "示例通知", "clause": "第一条", "confirmed": "to_confirm"}
    amendments.record(
        store,
        Amendment(
            table="retirement", begins=202701, reason="示例原因", document="示例通知", clause="第一条", who="示例甲",
            written="2026-10-31T08:00:00+00:00",
            changes=amendments.differences("retirement", held, slower, 202701, source),
        ),
    )  # fmt: skip
    # 2030-05 is the 65th month of the reform: a month later for every two begun, 33 months
    assert command.main(["retire", "1970-05", "--line", "60", "--store", str(store.root)]) == 0
    assert capsys.readouterr().out == "2033-02 62y9m\n"
    assert command.main(["retire", "1970-05", "--line", "60", "--store", str(tmp_path / "other")]) == 0
    assert capsys.readouterr().out == "2031-10 61y5m\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["retire", "1970-13"], "'1970-13' is not a month; write it as 2026-10.\n"),
        (
            ["retire", "1970-05", "--line", "63"],
            "No formula is published for the age limit 63; give one of 50, 55, 60, or use the month in the file.\n",
        ),
    ],
)
def test_a_command_that_cannot_be_answered_says_why(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments) == 2
    assert capsys.readouterr() == ("", sentence)


def test_the_warehouse_counts_the_same_month_as_the_model(small_city: Store) -> None:
    path = warehouse.newest(small_city)
    assert path is not None
    with duckdb.connect(path, read_only=True, config=dict(warehouse.READ_ONLY)) as connection:
        rows = connection.execute(STANDING).fetchall()
    assert len(rows) > SMALL_CITY
    for sex, identity, level, limit, birth, stored, counted, early in rows:
        rule = expected_rule(sex, identity, level, limit)
        assert counted == retirement.retirement_month(birth, rule, stored)
        # three years before, but not before the age of old (article 3)
        assert early == (None if rule is None else max(birth + 100 * rule.base, counted - 300))


def expected_rule(sex: str, identity: str, level: str | None, limit: int | None) -> StatutoryRule | None:
    """The class of a person as the documents say it."""
    if limit is not None:
        return CLASSES.get(limit)
    if sex == "male":
        return MEN
    if identity == "worker":
        return WOMEN_WORKERS
    return MEN if level in DIVISION_AND_ABOVE else WOMEN_CADRES
