"""Promises of checking: what a written cell means, and that a bad row is told about and a good one is not."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import cell, contract
from data.cell import CellError
from data.checking import ERROR, WARNING, Cells, Checked, check, unrepeated
from data.contract import Column

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
POSTING = {"person_id": "P1", "unit_id": "U1", "post": "镇长", "role": "正职", "start": "2021.10"}
MEMBER = {"person_id": "P1", "name": "示例甲", "sex": "女", "birth": "1990.05"}


def sheet(source: str, *rows: dict[str, str], file: str = "a.csv") -> Cells:
    """The rows as if read from a file whose heading row is the first."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = pa.table({name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in names})
    return Cells(file, "", contract.load(source), text, np.arange(2, len(rows) + 2, dtype=np.int32))


def problems(checked: Checked) -> list[tuple[int, str, str]]:
    """Row, column and severity of everything found."""
    return [(finding.row, finding.column, finding.severity) for finding in checked.findings]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1978", 19780000),
        ("1978年", 19780000),
        ("1978.05", 19780500),
        ("1978.5", 19780500),
        ("1978.1", 19780100),
        ("1978.10", 19781000),
        ("197805", 19780500),
        ("197805.0", 19780500),
        ("1978-05", 19780500),
        ("1978年5月", 19780500),
        ("1978年5月3日", 19780503),
        ("1978-05-03", 19780503),
        ("1978/5/3", 19780503),
        ("1978.05.03", 19780503),
        ("19780503", 19780503),
        ("19780500", 19780500),
        ("1978-05-03 00:00:00", 19780503),
        ("1978-05-03T08:30:00", 19780503),
        ("１９７８．０５", 19780500),
        (" 1978 年 5 月 ", 19780500),
        ("至今", None),
    ],
)
def test_a_date_is_read_in_every_form_people_write(written: str, meant: int | None) -> None:
    assert cell.date(written) == meant


@pytest.mark.parametrize(
    "written",
    ["1978.13", "19780532", "1978-02-30", "19780003", "78.05", "民盟", "1978.05.03.04", "0000", "40000", "28613.0"],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        cell.date(written)


@pytest.mark.parametrize(("written", "meant"), [("1978.05", 197805), ("1978-05-03", 197805), ("2026-10", 202610)])
def test_a_month_is_year_and_month(written: str, meant: int) -> None:
    assert cell.month(written) == meant


def test_a_month_is_not_a_year_alone() -> None:
    with pytest.raises(CellError, match="month is missing"):
        cell.month("1978")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("20%", "1/5"), ("0.2", "1/5"), ("1/5", "1/5"), ("2/10", "1/5"), ("1", "1"), ("２０％", "1/5"), ("12.5%", "1/8")],
)
def test_a_fraction_is_kept_in_lowest_terms(written: str, meant: str) -> None:
    assert cell.fraction(written) == meant


@pytest.mark.parametrize("written", ["1/0", "三分之一", "-1", "1e3", "%"])
def test_what_is_no_fraction_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        cell.fraction(written)


@pytest.mark.parametrize(("written", "meant"), [("7", 7), ("7.0", 7), ("１２", 12), ("1,200", 1200), ("-3", -3)])
def test_an_integer_is_read_as_excel_and_people_write_it(written: str, meant: int) -> None:
    assert cell.integer(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("92.35", "92.3500"), ("1,200", "1200.0000"), ("９２．５", "92.5000"), ("-3", "-3.0000"), ("0.00005", "0.0000")],
)
def test_a_decimal_keeps_four_places(written: str, meant: str) -> None:
    assert str(cell.decimal(written)) == meant


@pytest.mark.parametrize("written", ["九十", "1e3", "100000", "92.", "", "NaN"])
def test_what_is_no_decimal_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        cell.decimal(written)


def test_a_decimal_with_one_bound_may_have_places_after_the_point() -> None:
    column = Column(name="score", type="decimal", en="Score", zh="得分", min=0)
    assert cell.reader(column)("2.5") == Decimal("2.5")


@pytest.mark.parametrize("written", ["7.5", "七", "99999999999", "9" * 5000, ""])
def test_what_is_no_integer_is_refused(written: str) -> None:
    with pytest.raises(CellError):
        cell.integer(written)


@pytest.mark.parametrize(
    ("written", "meant"), [("是", True), ("否", False), ("1", True), ("0.0", False), ("YES", True)]
)
def test_yes_and_no_are_read_in_both_languages(written: str, *, meant: bool) -> None:
    assert cell.yesno(written) is meant


@pytest.mark.parametrize("written", ["secretary", "Party secretary", "党委书记", "书记", " 书 记 ", "PARTY SECRETARY"])
def test_a_choice_answers_to_its_key_names_and_aliases(written: str) -> None:
    assert cell.reader(contract.load("posting").column("role"))(written) == "secretary"


def test_a_choice_that_excel_made_a_number_is_still_known() -> None:
    assert cell.reader(contract.load("member").column("sex"))("2.0") == "female"


def test_several_choices_are_parted_by_a_bar() -> None:
    assert cell.reader(contract.load("age_target").column("roles"))("党委书记|chief｜副职") == "secretary|chief|deputy"


@PATIENT
@given(st.text())
def test_whatever_is_written_a_reader_answers_or_raises_cell_error(written: str) -> None:
    for source in contract.names():
        for column in contract.load(source).columns:
            try:
                value = cell.reader(column)(written)
            except CellError:
                continue
            assert value is None or isinstance(value, str | int | Decimal)


def test_a_good_row_lands_typed_with_its_defaults() -> None:
    checked = check(sheet("posting", POSTING))
    assert checked.findings == ()
    assert checked.table.schema == contract.load("posting").arrow_schema
    row = checked.table.to_pylist()[0]
    assert (row["role"], row["start"], row["end"], row["primary"]) == ("chief", 20211000, None, True)


def test_a_row_with_a_bad_cell_is_rejected_and_named() -> None:
    checked = check(sheet("posting", POSTING, {**POSTING, "role": "镇宝"}, {**POSTING, "post": "书记"}))
    assert checked.rows.tolist() == [2, 4]
    assert problems(checked) == [(3, "role", ERROR)]
    assert checked.findings[0].value == "镇宝"
    assert "党委书记" in checked.findings[0].mend_zh


def test_every_bad_cell_of_a_row_is_told() -> None:
    checked = check(sheet("posting", {**POSTING, "role": "?", "start": "soon", "person_id": ""}))
    assert {column for _, column, _ in problems(checked)} == {"role", "start", "person_id"}


def test_a_row_with_nearly_no_needed_cell_is_one_finding() -> None:
    total = {"person_id": "合计", "post": "", "start": "", "end": "审核人"}
    checked = check(sheet("posting", POSTING, total, {"end": "2020"}, POSTING | {"start": "?"}))
    assert checked.rows.tolist() == [2]
    assert problems(checked) == [(3, "", WARNING), (4, "", WARNING), (5, "start", ERROR)]
    assert len(checked.cells.rows) == 4


def test_a_warning_never_says_that_a_rejected_row_landed() -> None:
    checked = check(sheet("member", MEMBER | {"sex": "?", "birth": ""}))
    assert problems(checked) == [(2, "sex", ERROR), (2, "birth", WARNING)]
    assert "land" not in checked.findings[1].problem_en


def test_a_wanted_cell_that_is_empty_lands_with_a_warning() -> None:
    checked = check(sheet("member", {**MEMBER, "birth": ""}))
    assert checked.rows.tolist() == [2]
    assert problems(checked) == [(2, "birth", WARNING)]


def test_a_date_that_must_have_a_month_is_rejected_without_one() -> None:
    assert problems(check(sheet("posting", {**POSTING, "start": "2021"}))) == [(2, "start", ERROR)]


def test_a_value_below_its_bound_is_rejected() -> None:
    assert problems(check(sheet("unit", {"unit_id": "1", "name": "x", "body": "city", "approved_chiefs": "-1"}))) == [
        (2, "approved_chiefs", ERROR)
    ]


def test_a_post_that_ends_before_it_begins_is_rejected() -> None:
    checked = check(sheet("posting", {**POSTING, "end": "2020.01"}, {**POSTING, "end": "2021.10"}))
    assert checked.rows.tolist() == [3]
    assert checked.findings[0].row == 2
    assert "20200100" in checked.findings[0].problem_en


def test_a_number_cell_that_may_be_january_or_october_is_rejected() -> None:
    cells = sheet(
        "member", {**MEMBER, "birth": "1978.1"}, {**MEMBER, "birth": "1978.1"}, {**MEMBER, "birth": "1978.05"}
    )
    numbers = Cells(
        cells.file, "", cells.contract, cells.text, cells.rows, numeric={"birth": np.array([True, False, True])}
    )
    checked = check(numbers)
    assert checked.rows.tolist() == [3, 4]
    assert problems(checked) == [(2, "birth", ERROR)]
    assert "text" in checked.findings[0].mend_en


@pytest.mark.parametrize(
    ("written", "meant"),
    [("28613", 19780503), ("40000", 20090706), ("28613.5", 19780503), ("197805", 19780500), ("1978", 19780000)],
)
def test_five_digits_of_a_number_cell_count_days_as_excel_does(written: str, meant: int) -> None:
    assert cell.reader(contract.load("member").column("birth"), numbers=True)(written) == meant


@pytest.mark.parametrize("written", ["P01\u200b", "\ufeffP01", "P\x0001", "\u202aP01\u202c", "\xa0P01\u3000", "Ｐ０１"])
def test_signs_that_nobody_sees_do_not_make_another_code(written: str) -> None:
    assert cell.reader(contract.load("member").column("person_id"))(written) == "P01"
    assert cell.reader(contract.load("member").column("name"))(f"示{written}") in {"示P01", "示 P01", "示Ｐ０１"}


def test_five_digits_of_a_text_cell_are_refused_in_a_sentence() -> None:
    with pytest.raises(CellError, match="Five digits written as text are not a date"):
        cell.date("40000")


@pytest.mark.parametrize(("written", "meant"), [("1001", "1001"), ("123456789012345", "123456789012345")])
def test_a_code_that_lost_nothing_as_a_number_is_kept(written: str, meant: str) -> None:
    assert cell.reader(contract.load("unit").column("unit_id"), numbers=True)(written) == meant


@pytest.mark.parametrize("written", ["1.01", "440101199001011328", "true"])
def test_a_code_that_a_number_cell_may_have_changed_is_refused(written: str) -> None:
    with pytest.raises(CellError, match="loses zeros"):
        cell.reader(contract.load("unit").column("unit_id"), numbers=True)(written)


@pytest.mark.parametrize("source", ["unit", "member", "posting"])
@pytest.mark.parametrize("sign", ["#N/A", "#REF!", "#DIV/0!", " #VALUE! "])
def test_a_formula_without_result_is_refused_in_every_column(source: str, sign: str) -> None:
    for column in contract.load(source).columns:
        with pytest.raises(CellError, match="formula of this cell has no result"):
            cell.reader(column)(sign)


def test_without_a_required_column_no_row_lands_and_one_finding_says_why() -> None:
    checked = check(sheet("member", {"person_id": "P1", "name": "甲"}, {"person_id": "P2", "name": "乙"}))
    assert checked.table.num_rows == 0
    assert [finding for finding in problems(checked) if finding[2] == ERROR] == [(1, "性别", ERROR)]


def test_a_key_given_twice_keeps_its_first_row_and_names_both() -> None:
    first = check(sheet("member", MEMBER, {**MEMBER, "person_id": "P2"}, file="a.csv"))
    second = check(sheet("member", {**MEMBER, "person_id": "P3"}, MEMBER, file="b.csv"))
    kept = unrepeated([first, second])
    assert [part.rows.tolist() for part in kept] == [[2, 3], [2]]
    (finding,) = kept[1].findings
    assert (finding.file, finding.row, finding.value) == ("b.csv", 3, "P1")
    assert "row 2 of a.csv" in finding.problem_en


GARBAGE = st.dictionaries(
    st.sampled_from(contract.load("posting").arrow_schema.names),
    st.sampled_from(["", "P1", "P2", "正职", "2021.10", "1978", "是", "?", "\x00", "１", "1/5"]) | st.text(max_size=6),
)


@pytest.mark.promise("rows.accounted")
@PATIENT
@given(st.lists(st.builds(lambda extra: {**POSTING, **extra}, GARBAGE), min_size=1, max_size=12))
def test_every_row_lands_or_has_an_error_that_names_it(rows: list[dict[str, str]]) -> None:
    cells = sheet("posting", *rows)
    (checked,) = unrepeated([check(cells)])
    wrong = {finding.row for finding in checked.findings if finding.severity == ERROR}
    assert set(checked.rows.tolist()) | wrong == set(cells.rows.tolist())
    assert not set(checked.rows.tolist()) & wrong
