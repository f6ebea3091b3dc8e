"""An answer's rows as a reader sees them, worked by hand: words for codes, dates as known, nothing that would run."""

import csv
import io
from typing import Any

import pandas as pd
import pytest

import queries
from pages.parts import rows, words
from queries.warehouse import Answer, Warehouse
from tests.conftest import CADRE_MONTH
from tests.test_answers import worked

CHINESE, ENGLISH = words.of("zh_CN"), words.of("en")
OWN_CODES = {"target_id", "unit_id", "person_id", "band_id"}


def answer(**columns: list[Any]) -> Answer:
    """An answer with these columns, to a question that nobody asked."""
    query = queries.parse("invented/rows", "-- asks: What is invented here?\nselect 1")
    return Answer(query, {}, "0123456789ab", 202610, pd.DataFrame(columns))


def cells(words_of: words.Words, **columns: list[Any]) -> list[str]:
    """Every cell of such an answer as a reader sees it, column after column."""
    readable = rows.readable(answer(**columns), words_of)
    return [cell for name in readable for cell in readable[name]]


def records(written: bytes) -> list[list[str]]:
    """The records of a CSV file as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("column", "chinese", "english"),
    [
        ("unit_id", "单位编码", "Unit id"),
        ("term_month", "换届年月", "Term month"),
        ("birth", "出生年月", "Birth"),
        ("band_zh", "年龄段", "Band"),
        ("band_en", "年龄段", "Band"),
        ("spare_at_term", "换届时差额", "Spare at term"),
    ],
)
def test_a_column_is_headed_in_words(column: str, chinese: str, english: str) -> None:
    assert (rows.heading(column, CHINESE), rows.heading(column, ENGLISH)) == (chinese, english)


@pytest.mark.parametrize(
    ("column", "code", "chinese", "english"),
    [
        ("sex", "female", "女", "Women"),
        ("body", "township", "乡镇（街道）", "Townships and subdistricts"),
        ("level", "1A41", "乡科级正职", "Section (township), principal"),
        ("status", "at_risk", "临界", "at the edge"),
        ("roles", "secretary|chief", "党委书记、正职", "Party secretary, Principal"),
        ("reason", "day", "取决于出生日", "day of birth"),
        ("step", "aged", "超出年龄段", "passed the age line"),
        ("counted", True, "是", "yes"),
        ("counted", False, "否", "no"),
        ("target_id", "team_35", "team_35", "team_35"),
    ],
)
def test_a_code_is_written_in_words(column: str, code: object, chinese: str, english: str) -> None:
    given = {column: [code]}
    assert (cells(CHINESE, **given), cells(ENGLISH, **given)) == ([chinese], [english])


@pytest.mark.parametrize(
    ("column", "value", "written"),
    [
        ("month", 202610, "2026-10"),
        ("term_month", 202702.0, "2027-02"),
        ("birth", 19850000, "1985"),
        ("birth", 19851100, "1985-11"),
        ("birth", 19851103, "1985-11-03"),
        ("spare", 4, "+4"),
        ("spare", 0, "0"),
        ("spare", -14, "−14"),
        ("spare_at_term", -1234.0, "−1,234"),
        ("people", -1, "−1"),
        ("people", 1234, "1234"),
        ("leader", -0.514, "−0.51"),
        ("share", 0.375, "37.5%"),
        ("target_share", 1 / 3, "33.3%"),
        ("share", 1, "100.0%"),
        ("upper_age", 36.0, "36"),
        ("value", "1/3", "1/3"),
        ("name", "赵样甲", "赵样甲"),
    ],
)
@pytest.mark.parametrize("said", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_value_is_written_as_people_read_it(said: words.Words, column: str, value: object, written: str) -> None:
    assert cells(said, **{column: [value]}) == [written]


@pytest.mark.parametrize("column", ["birth", "month", "spare", "share", "sex", "status_at_term", "reason", "name"])
@pytest.mark.parametrize("empty", [None, float("nan"), pd.NA])
def test_an_empty_cell_stays_empty(column: str, empty: object) -> None:
    assert cells(CHINESE, **{column: [empty]}) == [""]


def test_only_the_names_of_the_readers_language_remain() -> None:
    both = answer(
        target_id=["team_35"], name_en=["Team members"], name_zh=["班子成员"], band_en=["35"], band_zh=["卅五"]
    )
    assert rows.readable(both, ENGLISH).to_numpy().tolist() == [["team_35", "Team members", "35"]]
    assert rows.readable(both, CHINESE).to_numpy().tolist() == [["team_35", "班子成员", "卅五"]]


def test_an_answer_without_rows_keeps_its_headings() -> None:
    none = answer(month=[], spare=[])
    assert list(rows.readable(none, CHINESE)) == ["年月", "差额"]
    assert records(rows.csv(none, CHINESE)) == [["年月", "差额"]]


def test_a_download_opens_as_chinese_in_a_spreadsheet() -> None:
    written = rows.csv(answer(name=["赵样甲"]), CHINESE)
    assert written == b"\xef\xbb\xbf" + "姓名\r\n赵样甲\r\n".encode()


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠\t\r\n"))
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(sign: str) -> None:
    assert records(rows.csv(answer(name=[f"{sign}cmd()"]), CHINESE))[1] == [f"'{sign}cmd()"]


@pytest.mark.parametrize("text", ["-2+3", "+1+cmd()", "−1−cmd()", "-14", "1,2,=3"])
def test_what_only_looks_like_a_number_never_starts_as_a_formula(text: str) -> None:
    cell = records(rows.csv(answer(name=[text]), CHINESE))[1][0]
    assert cell == (f"'{text}" if text[0] in "+-" else text)


def test_a_spreadsheet_can_count_with_the_numbers_of_a_download() -> None:
    written = records(rows.csv(answer(spare=[-14, 0, 4, -1234], share=[0.375, 1.0, 0, None]), ENGLISH))
    assert [float(spare.replace(",", "")) for spare, _ in written[1:]] == [-14, 0, 4, -1234]
    assert [share for _, share in written[1:]] == ["37.5%", "100.0%", "0.0%", ""]


def test_a_cell_with_commas_quotes_and_lines_comes_back_as_it_was() -> None:
    text = '松林镇, "党委"\n书记'
    assert records(rows.csv(answer(post=[text]), CHINESE))[1] == [text]


@pytest.mark.parametrize("said", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("name", queries.names())
def test_no_two_columns_of_an_answer_share_a_heading(name: str, said: words.Words) -> None:
    other = "_zh" if said is ENGLISH else "_en"
    columns = [column.name for column in queries.load(name).columns if not column.name.endswith(other)]
    headings = [rows.heading(column, said) for column in columns]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("name", queries.names("age_ladder"))
def test_no_code_is_left_unspoken_in_an_answer(name: str, twelve: Warehouse) -> None:
    given, _, _ = worked(name)
    readable = rows.readable(twelve.ask(name, **given), CHINESE)
    own = {rows.heading(column, CHINESE) for column in OWN_CODES}
    unspoken = {cell for heading in set(readable) - own for cell in readable[heading] if any(map(latin, cell))}
    assert unspoken == set()


@pytest.mark.parametrize("said", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("name", queries.names())
def test_every_answer_can_be_read_in_both_languages(
    name: str, said: words.Words, twelve: Warehouse, city: Warehouse
) -> None:
    given, _, _ = worked(name)
    for answer in (twelve.ask(name, **given), city.ask(name, **of_the_city(name, given, city))):
        assert len(rows.readable(answer, said)) == len(answer.table)


def of_the_city(name: str, given: dict[str, Any], city: Warehouse) -> dict[str, Any]:
    """What a question on the twelve is asked with, for the example city, whose codes are others."""
    optional = {each.name for each in queries.load(name).takes if each.optional}
    own = {
        "assessed": city.ask("assessment/place_shift", year=2025).table["unit_id"].iloc[0],
        "target": city.ask("age_ladder/quota", as_of=CADRE_MONTH).table["target_id"].iloc[0],
    }
    kept = {key: value for key, value in given.items() if key not in optional & {"unit", "group", "target"}}
    return {key: own.get(key, value) for key, value in kept.items()}


def latin(sign: str) -> bool:
    """Whether a sign is a letter of the alphabet that codes are written in."""
    return sign.isascii() and sign.isalpha()
