"""Promises of reading a career and the years of assessment: every line comes back, as a period or as a problem."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data import resume
from data.resume import NO_DUTY, NO_PERIOD, NO_YEAR, TWO_PERIODS, Spell


def told(text: str) -> list[tuple[int, str, str, str, bool]]:
    """The spells of a career as line, start, end, duty and whether beside a post."""
    return [(spell.line, spell.start, spell.end, spell.duty, spell.aside) for spell in resume.spells(text)]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2005.09--2010.03  甲", "2005.09", "2010.03"),
        ("2005.09—2010.03 甲", "2005.09", "2010.03"),
        ("2005.09——2010.03甲", "2005.09", "2010.03"),
        ("2005.09－2010.03 甲", "2005.09", "2010.03"),
        ("2005.09~2010.03 甲", "2005.09", "2010.03"),
        ("2005.09至2010.03，甲", "2005.09", "2010.03"),
        ("200509-201003 甲", "200509", "201003"),
        ("2005-09--2010-03 甲", "2005-09", "2010-03"),
        ("2005-09-2010-03 甲", "2005-09", "2010-03"),
        ("2005年9月至2010年3月在甲", "2005年9月", "2010年3月"),
        ("２００５．０９——２０１０．０３　甲", "2005.09", "2010.03"),
        ("2005.09.01--2010.03.31 甲", "2005.09.01", "2010.03.31"),
        ("2005--2010 甲", "2005", "2010"),
        ("2005.09--         甲", "2005.09", ""),
        ("2005.09至今 甲", "2005.09", "今"),
        ("2005.09--至今 甲", "2005.09", "至今"),
    ],
)
def test_a_period_is_read_in_every_way_it_is_written(written: str, start: str, end: str) -> None:
    assert told(written) == [(1, start, end, "甲", False)]


def test_what_ran_beside_a_post_is_a_period_of_its_own() -> None:
    text = "2005.09--2010.03  甲镇镇长（正科级）（其间：2006.03--2007.03挂职任乙乡副乡长；2007.09--2009.07在党校学习）"
    assert told(text) == [
        (1, "2005.09", "2010.03", "甲镇镇长（正科级）", False),
        (1, "2006.03", "2007.03", "挂职任乙乡副乡长", True),
        (1, "2007.09", "2009.07", "党校学习", True),
    ]


@pytest.mark.parametrize(
    "second",
    [
        "\r\n（2006.03--2007.03在乙乡）",
        "\n                  （其间：2006.03--2007.03在乙乡）",
        "，期间2006.03--2007.03在乙乡",
        "（期间，2006.03--2007.03乙乡）",
    ],
    ids=["brackets on the next line", "indented", "without brackets", "期间"],
)
def test_a_meanwhile_is_read_in_every_place_it_stands(second: str) -> None:
    spells = resume.spells(f"2005.09--2010.03  甲镇{second}")
    assert [(spell.start, spell.duty, spell.aside) for spell in spells] == [
        ("2005.09", "甲镇", False), ("2006.03", "乙乡", True)
    ]  # fmt: skip


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "&#xD;\n", "&#xD;"])
def test_a_broken_line_goes_on_where_it_is_indented_or_a_bracket_is_open(line_end: str) -> None:
    lines = ["2005.09--2010.03  甲镇党委", "                  书记（保留", "正科级）", "2010.03--  乙局"]
    assert [duty for _, _, _, duty, _ in told(line_end.join(lines))] == ["甲镇党委书记（保留正科级）", "乙局"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("参加工作以来一直在甲县", NO_PERIOD),
        ("2005.09 任镇长", NO_PERIOD),
        ("2005.09--2010.03", NO_DUTY),
        ("2005.09--2010.03 甲镇 2010.03--2012.03 乙镇", TWO_PERIODS),
        ("2005.09--2010.03 甲" + "乙" * 1000, resume.TOO_LONG),
    ],
)
def test_a_line_that_is_no_period_comes_back_whole_with_its_problem(line: str, problem: object) -> None:
    (_, spell) = resume.spells(f"2001.01--2005.09 丙\n{line}")
    assert (spell.line, spell.written, spell.problem) == (2, line, problem)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2018年度考核优秀；2019年度考核称职；2020年度考核优秀。", [(2018, "优秀"), (2019, "称职"), (2020, "优秀")]),
        ("2018、2019年年度考核优秀", [(2018, "优秀"), (2019, "优秀")]),
        ("2018年、2019年年度考核结果均为“优秀”等次", [(2018, "优秀"), (2019, "优秀")]),
        ("2018—2020年年度考核均为称职，2021年优秀", [(2018, "称职"), (2019, "称职"), (2020, "称职"), (2021, "优秀")]),
        ("近三年（2021、2022、2023）年度考核均为称职", [(2021, "称职"), (2022, "称职"), (2023, "称职")]),
        ("２０１８年度考核基本称职\r\n2019年不定等次", [(2018, "基本称职"), (2019, "不定等次")]),
        ("2018优秀、2019称职 2020不称职", [(2018, "优秀"), (2019, "称职"), (2020, "不称职")]),
        ("(无)", []),
        ("（无）", []),
        ("", []),
    ],
)
def test_years_of_assessment_are_read_in_every_way_they_are_written(text: str, years: list[tuple[int, str]]) -> None:
    assert [(int(each.year), each.grade) for each in resume.assessments(text)] == years


@pytest.mark.parametrize(
    "text",
    ["2018年度考核优秀，记三等功；2019年称职", "2018年优秀（记三等功）；2019年称职", "2018优秀。荣立三等功。2019称职"],
)
def test_a_merit_belongs_to_the_year_it_stands_with(text: str) -> None:
    assert [(each.year, each.rewarded) for each in resume.assessments(text)] == [("2018", True), ("2019", False)]


@pytest.mark.parametrize("text", ["连续三年优秀", "2018年度", "2018、2019"])
def test_a_statement_without_year_and_grade_comes_back_with_its_problem(text: str) -> None:
    (only,) = resume.assessments(text)
    assert (only.written, only.problem) == (text, NO_YEAR)


SCRAPS = st.sampled_from(
    [
        "2005.09",
        "--",
        "2010.03",
        "至今",
        "（",
        "）",
        "其间：",
        "；",
        "，",
        "\n",
        "\r\n  ",
        "甲镇",
        "书记",
        "2018年度考核",
        "优秀",
        "无",
        "。",
    ]
)
WRITTEN = st.one_of(st.text(), st.lists(SCRAPS, max_size=40).map("".join))


def letters(text: str) -> str:
    """A text without white space and without the signs that full width is told by."""
    return "".join(text.translate(resume._NARROW).split())  # noqa: SLF001 - the same narrowing on both sides


def stands_in(part: str, whole: str) -> bool:
    """Whether all letters of a part come in their order: an aside may have stood between them."""
    left = iter(letters(whole))
    return all(letter in left for letter in letters(part))


@given(WRITTEN)
@example("2000/0-1(2000)0")
def test_no_part_of_a_career_is_lost(text: str) -> None:
    spells = resume.spells(text)
    whole = {spell.line: spell.written for spell in spells}
    assert letters("".join(whole.values())) == letters(resume._LINE_END.sub("\n", text))  # noqa: SLF001
    assert all(spell.problem or (spell.start and spell.duty) for spell in spells)
    assert all(stands_in(spell.duty, spell.written) for spell in spells)


@given(WRITTEN)
def test_no_statement_of_assessments_is_lost(text: str) -> None:
    found = resume.assessments(text)
    assert all(each.problem or (each.year and each.grade) for each in found)
    statements = [part for part in resume._STATEMENT_END.split(text.translate(resume._NARROW)) if part.strip()]  # noqa: SLF001
    if not resume._NOTHING.match(text):  # noqa: SLF001
        merits = sum(bool(resume._MERIT.fullmatch(" ".join(part.split()))) for part in statements)  # noqa: SLF001
        assert len({each.line for each in found}) >= len(statements) - merits


def test_a_spell_is_plain_data() -> None:
    assert Spell(1, "甲").problem is None
