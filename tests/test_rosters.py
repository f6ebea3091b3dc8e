"""Promises of sheets as people really have them: known by their headings, every row told, nobody merged in doubt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data import difference, layout, people, posts, reading, roster_posts, unit_sheets
from data.cell import AMBIGUOUS_MONTH, CODE_AS_NUMBER, Problem
from data.checking import NO_ROW
from data.landing import Report, land, look
from data.reading import Recognition
from data.store import Store
from tests import forms, sheets
from tests.forms import id_number
from tests.sheets import FOOT, ROSTER_HEAD, ROSTER_ROWS, Cell, Rows, row

FIRST, SECOND, THIRD = id_number(), id_number("19790525", "002"), id_number("19900512", "005")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which the units of the personnel files have landed."""
    units = tmp_path / "units.csv"
    units.write_text(forms.UNITS, encoding="utf-8")
    made = Store(tmp_path / "store")
    land(made, [units])
    return made


def landed(store: Store, source: str, *columns: str) -> list[tuple[Any, ...]]:
    """Everything that landed of a source."""
    tables = [pq.read_table(path) for path in store.manifest().files(source)]
    return [tuple(each[name] for name in columns) for table in tables for each in table.to_pylist()]


def counts(report: Report) -> dict[str, tuple[int, int, int]]:
    """Rows in, landed and rejected by source; the sheets of one source together."""
    held: dict[str, tuple[int, int, int]] = {}
    for count in report.counts:
        was = held.get(count.source, (0, 0, 0))
        held[count.source] = (was[0] + count.rows_in, was[1] + count.landed, was[2] + count.rejected)
    return held


def told(report: Report) -> list[tuple[int, str]]:
    """Row and Chinese problem of every finding, those of whole sheets apart."""
    whole = {reading.PASSED_COLUMNS.problem_zh, NO_ROW.problem_zh}
    return [(each.row, each.problem_zh) for each in report.findings if each.problem_zh not in whole]


def taken(store: Store, rows: Rows) -> Report:
    """What became of a 花名册."""
    return land(store, [sheets.xlsx(store.root / "花名册.xlsx", {"花名册": rows})])


PEOPLE: Rows = sheets.roster(
    row(1, "赵　样甲", FIRST, birth="１９７８．０５", unit="市发展局", post="党组成员、副局长", rank="四级调研员"),
    row(2, "钱样乙", SECOND.lower(), sex="女", birth="197905", work="2001年7月", post="党委书记", rank="正科级"),
    [],
    row(
        3,
        "孙样丙",
        THIRD,
        birth="1990-5-12",
        party="民盟",
        work="2012.7",
        unit="甲县柳溪乡",
        post="副乡长",
        start="202303",
    ),
)
MEMBERS = [
    ("赵样甲", "male", 19780500, "01", 20010600, 20000700),
    ("钱样乙", "female", 19790500, "01", 20010600, 20010700),
    ("孙样丙", "male", 19900512, "05", None, 20120700),
]
POSTINGS = [
    ("001.002", "党组成员、副局长", "deputy", None, "四级调研员", 20211000),
    ("001.001.002", "党委书记", "secretary", "1A41", None, 20211000),
    ("001.001.003", "副乡长", "deputy", None, None, 20230300),
]


def written_as(ending: str) -> Callable[[Path], Path]:
    """How to write the 花名册 as a file that ends so."""

    def write(folder: Path) -> Path:
        path = folder / f"花名册.{ending.partition(' ')[0]}"
        match ending:
            case "xlsx":
                return sheets.xlsx(path, {"花名册": PEOPLE})
            case "xls":
                return sheets.xls(path, {"花名册": PEOPLE})
            case "csv in UTF-8":
                path.write_text(sheets.text(PEOPLE), encoding="utf-8")
            case "csv with BOM":
                path.write_text(sheets.text(PEOPLE), encoding="utf-8-sig")
            case "csv in GB18030":
                path.write_text(sheets.text(PEOPLE), encoding="gb18030")
        return path

    return write


@pytest.mark.parametrize("ending", ["xlsx", "xls", "csv in UTF-8", "csv with BOM", "csv in GB18030"])
def test_a_roster_lands_as_people_and_their_posts_however_it_is_saved(
    store: Store, tmp_path: Path, ending: str
) -> None:
    report = land(store, [written_as(ending)(tmp_path)])
    assert counts(report) == {"member": (5, 3, 2), "posting": (3, 3, 0)}
    assert landed(store, "member", "name", "sex", "birth", "party", "joined", "work_start") == MEMBERS
    assert landed(store, "posting", "unit_id", "post", "role", "level", "rank", "start") == POSTINGS
    assert [code[:3] for (code,) in landed(store, "posting", "person_id")] == ["ID-"] * 3
    assert landed(store, "posting", "person_id") == landed(store, "member", "person_id")
    assert told(report) == []
    foot = {ROSTER_ROWS + 4, ROSTER_ROWS + 6}
    assert {each.row for each in report.findings if each.problem_zh == NO_ROW.problem_zh} == foot


def test_a_total_and_a_signature_keep_nothing_from_being_whole(store: Store, tmp_path: Path) -> None:
    units = sheets.xlsx(tmp_path / "机构.xlsx", {"机构信息": [*UNITS[:-2], ["合计", "", "", "", "", 6, 16, 155]]})
    years = sheets.xlsx(
        tmp_path / "考核.xlsx",
        {"考核信息": [[*HEAD, "考核年度", "考核结果"], [*ONE, "2024", "优秀"], ["合计1人", "", "", "", "", ""]]},
    )
    roster = sheets.xlsx(tmp_path / "花名册.xlsx", {"花名册": PEOPLE})
    report = land(store, [roster, units, years], whole=True)
    assert report.batch == "0002"
    assert counts(report) == {"unit": (7, 6, 1), "member": (5, 3, 2), "posting": (3, 3, 0), "assessment": (2, 1, 1)}


def test_how_a_roster_was_recognised_is_told_as_plain_data(tmp_path: Path) -> None:
    (sheet,) = reading.sheets(written_as("xlsx")(tmp_path))
    found = reading.recognition(sheet)
    assert (found.layout, found.sources, found.heading_row) == ("干部名册", ("member", "posting"), len(ROSTER_HEAD))
    fills = {heading.written: heading.fills for heading in found.headings if heading.fills}
    assert fills["出生年月"] == ("member.birth",)
    assert fills["身份证号"] == ("member.person_id", "posting.person_id")
    assert fills["单位"] == ("posting.unit_id",)
    assert fills["任现职时间"] == ("posting.start",)
    assert {heading.written for heading in found.passed} == {
        "序号", "民族", "全日制教育 学历", "全日制教育 学位", "备注"
    }  # fmt: skip
    assert found.unread == ()


def test_dates_in_number_cells_are_days_and_serials(store: Store) -> None:
    taken(store, sheets.roster(row(1, "赵样甲", FIRST, birth=28613, work=200007, party=37043, start=44480)))
    # 28613 is 1978-05-03, 37043 is 2001-06-01, 44480 is 2021-10-11, counted from 1899-12-30
    assert landed(store, "member", "birth", "joined", "work_start") == [(19780503, 20010601, 20000700)]
    assert landed(store, "posting", "start") == [(20211011,)]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"unit": "某局"}, posts.NO_UNIT),
        ({"unit": ""}, posts.NO_UNIT),
        ({"unit": "桐山镇"}, None),
        ({"post": ""}, roster_posts.NO_POST),
        ({"post": "调研室联络员"}, posts.NO_ROLE),
        ({"unit": "松林镇", "post": "市发展局局长"}, roster_posts.OTHER_UNIT),
    ],
)
def test_what_cannot_be_told_of_a_post_is_told_and_does_not_land(
    store: Store, said: dict[str, str], problem: Problem | None
) -> None:
    report = taken(store, sheets.roster(row(1, "赵样甲", FIRST, **said)))
    assert counts(report)["posting"] == (1, 0, 1)
    assert counts(report)["member"][1] == 1
    ((at, zh),) = told(report)
    assert at == ROSTER_ROWS
    if said == {"unit": "桐山镇"}:
        assert "001.001.005、001.003.001" in zh
    else:
        assert problem is not None
        assert zh == problem.problem_zh


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"unit": "甲县", "post": "某局局长"}, "甲县"),
        ({"unit": "示例市", "post": "示例市丙县县长助理"}, "示例市"),
        ({"unit": "松林镇", "post": "联络员"}, ""),
    ],
)
def test_where_only_the_place_is_known_the_unit_is_not_said_to_be_found(
    store: Store, said: dict[str, str], place: str
) -> None:
    ((_, zh),) = told(taken(store, sheets.roster(row(1, "赵样甲", FIRST, **said))))
    assert zh.startswith(f"仅识别出“{place}”；" if place else "单位已识别")


def test_a_unit_of_many_names_is_told_by_the_county_it_stands_under(store: Store) -> None:
    taken(store, sheets.roster(row(1, "赵样甲", FIRST, unit="乙县", post="桐山镇党委委员、副镇长")))
    assert landed(store, "posting", "unit_id", "post", "role") == [("001.003.001", "党委委员、副镇长", "deputy")]


def test_a_further_post_of_a_row_has_no_start_and_does_not_land(store: Store) -> None:
    report = taken(store, sheets.roster(row(1, "赵样甲", FIRST, post="党委副书记、镇长，市发展局副局长")))
    assert counts(report)["posting"] == (2, 1, 1)
    assert told(report) == [(ROSTER_ROWS, roster_posts.START_OF_ONE.problem_zh)]


def test_a_second_row_of_a_person_is_a_further_post(store: Store) -> None:
    rows = sheets.roster(
        row(1, "赵样甲", FIRST, post="镇长"), row(2, "赵样甲", FIRST, unit="市发展局", post="副局长", start="2022.03")
    )
    report = taken(store, rows)
    assert counts(report) == {"member": (4, 1, 3), "posting": (2, 2, 0)}
    assert landed(store, "posting", "post", "primary", "counted") == [("镇长", True, True), ("副局长", False, False)]
    ((at, zh),) = told(report)
    assert (at, zh.startswith(f"此人已在花名册.xlsx/花名册/{ROSTER_ROWS}中")) == (ROSTER_ROWS + 1, True)


def test_a_row_that_its_cells_keep_out_gives_way_to_the_next_good_one_of_the_person(store: Store) -> None:
    rows = sheets.roster(
        row(1, "赵样甲", FIRST, sex="男人", birth="1970.13", post="镇长"),
        row(2, "赵样甲", FIRST, unit="市发展局", post="副局长", start="2022.03"),
        row(3, "赵样甲", FIRST, unit="甲县柳溪乡", post="副乡长", start="2023.03"),
    )
    report = taken(store, rows)
    assert counts(report) == {"member": (5, 1, 4), "posting": (3, 3, 0)}
    assert landed(store, "member", "name", "sex", "birth") == [("赵样甲", "male", 19780500)]
    of_good = f"此人已在花名册.xlsx/花名册/{ROSTER_ROWS + 1}中"
    assert [(at, zh[: len(of_good)]) for at, zh in told(report)] == [(ROSTER_ROWS, of_good), (ROSTER_ROWS + 2, of_good)]


def test_of_two_rows_that_their_cells_keep_out_neither_is_said_to_have_landed(store: Store) -> None:
    wrong = {"sex": "男人", "birth": "1970.13"}
    report = taken(store, sheets.roster(row(1, "赵样甲", FIRST, **wrong), row(2, "赵样甲", FIRST, **wrong)))
    assert counts(report) == {"member": (4, 0, 4), "posting": (2, 0, 2)}
    of_people = [each for each in report.findings if each.severity == "error" and each.value in wrong.values()]
    assert sorted((each.row, each.value) for each in of_people) == [
        (ROSTER_ROWS, "1970.13"), (ROSTER_ROWS, "男人"), (ROSTER_ROWS + 1, "1970.13"), (ROSTER_ROWS + 1, "男人")
    ]  # fmt: skip
    assert not any("此人已在" in zh for _, zh in told(report))


def test_the_post_of_a_row_that_its_cells_keep_out_is_not_given_to_another_of_the_number(store: Store) -> None:
    wrong = row(1, "赵样甲", FIRST, sex="男人", post="镇长")
    other = row(2, "钱样乙", FIRST, birth="1990.01", unit="甲县柳溪乡", post="乡长")
    report = taken(store, sheets.roster(wrong, other))
    assert landed(store, "member", "name") == [("钱样乙",)]
    assert landed(store, "posting", "post") == [("乡长",)]
    assert people.contradicts(f"花名册.xlsx/花名册/{ROSTER_ROWS + 1}").problem_zh in [zh for _, zh in told(report)]


def test_a_row_lands_where_the_personnel_file_does_not_and_the_file_is_told_its_cell(
    store: Store, tmp_path: Path
) -> None:
    report = both(store, tmp_path, row(1, "赵样甲", FIRST, unit="市发展局", post="副局长"), XingBie="男人")
    assert landed(store, "member", "name", "sex") == [("赵样甲", "male")]
    assert landed(store, "posting", "post") == [("副局长",)]
    assert [each.value for each in report.findings if each.file == "forms/a.lrmx" and each.column == "XingBie"] == [
        "男人"
    ]


def test_one_number_with_another_name_and_birth_is_no_further_post(store: Store) -> None:
    rows = sheets.roster(row(1, "赵样甲", FIRST), row(2, "钱样乙", FIRST, birth="1990.01", unit="柳溪乡", post="乡长"))
    report = taken(store, rows)
    assert counts(report) == {"member": (4, 1, 3), "posting": (2, 1, 1)}
    assert landed(store, "posting", "post") == [("镇长",)]


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (id_number(last="0"), people.WRONG_NUMBER),
        (999999197805031000, CODE_AS_NUMBER),
        ("9.99999E+17", CODE_AS_NUMBER),
        ("", people.WITHOUT_NUMBER),
    ],
)
def test_without_a_valid_number_four_things_tell_a_person(store: Store, number: str | int, problem: Problem) -> None:
    report = taken(store, sheets.roster(row(1, "赵样甲", number)))
    assert counts(report)["posting"] == (1, 1, 0)
    ((code,),) = landed(store, "member", "person_id")
    assert code.startswith("NB-")
    assert told(report) == [(ROSTER_ROWS, problem.problem_zh)]
    assert not number or str(number)[:17] not in str(report.findings)


def test_without_a_number_and_a_start_of_work_nobody_is_told(store: Store) -> None:
    report = taken(store, sheets.roster(row(1, "赵样甲", "", work="")))
    assert counts(report) == {"member": (3, 0, 3), "posting": (1, 0, 1)}
    assert told(report) == [
        (ROSTER_ROWS, people.NOT_TOLD_APART.problem_zh),
        (ROSTER_ROWS, roster_posts.PERSON_NOT_LANDED.problem_zh),
    ]


def test_who_is_nobody_for_a_birth_that_cannot_be_read_is_told_so(store: Store) -> None:
    report = taken(store, sheets.roster(row(1, "赵样甲", "", birth=1992.1)))
    assert told(report) == [
        (ROSTER_ROWS, people.NOT_TOLD_APART.problem_zh),
        (ROSTER_ROWS, AMBIGUOUS_MONTH.problem_zh),
        (ROSTER_ROWS, roster_posts.PERSON_NOT_LANDED.problem_zh),
    ]


def form(tmp_path: Path, **said: str) -> Path:
    """A folder with the personnel file of 赵样甲, who stands in 示例市发展局 since 2010.03."""
    folder = tmp_path / "forms"
    folder.mkdir(exist_ok=True)
    (folder / "a.lrmx").write_bytes(forms.lrmx(forms.person(**said)))
    return folder


def both(store: Store, tmp_path: Path, *people_of: Any, **said: str) -> Report:
    """What became of a roster beside the personnel file."""
    path = sheets.xlsx(tmp_path / "花名册.xlsx", {"花名册": sheets.roster(*people_of)})
    return land(store, [path, form(tmp_path, **said)])


def test_a_person_in_a_personnel_file_and_in_a_roster_is_one(store: Store, tmp_path: Path) -> None:
    report = both(store, tmp_path, row(1, "赵样甲", FIRST, unit="市发展局", post="副局长", start="2010.03"))
    assert counts(report)["member"] == (4, 1, 3)
    assert landed(store, "member", "name", "age_limit") == [("赵样甲", 60)]
    assert [post for (post,) in landed(store, "posting", "post")][-1] == "党组成员、副局长"
    assert (ROSTER_ROWS, roster_posts.ALREADY_TOLD.problem_zh) in told(report)
    assert [each.severity for each in report.findings if each.problem_zh == roster_posts.ALREADY_TOLD.problem_zh] == [
        "warning"
    ]


def test_a_post_that_the_two_tell_differently_does_not_land_from_the_roster(store: Store, tmp_path: Path) -> None:
    report = both(store, tmp_path, row(1, "赵样甲", FIRST, unit="市发展局", post="局长", start="2015.06"))
    assert counts(report)["posting"] == (7, 4, 3)
    (found,) = [each for each in report.findings if "2010-03" in each.problem_zh]
    assert (found.severity, found.row) == ("error", ROSTER_ROWS)


LEVELLED = ["姓名", "性别", "出生年月", "身份证号", "单位", "现任职务", "职务层次", "职级", "任现职时间"]


def levelled(store: Store, tmp_path: Path, *posts_of: tuple[str, str, str, str], **said: str) -> Report:
    """What became of 赵样甲's post, level, rank and start in one roster after another, beside his personnel file."""
    who = ["赵样甲", "男", "1978.05", FIRST, "市发展局"]
    rosters = [
        sheets.xlsx(tmp_path / f"{at}.xlsx", {"花名册": [LEVELLED, [*who, *post]]}) for at, post in enumerate(posts_of)
    ]
    return land(store, [*rosters, form(tmp_path, **said)])


def test_a_roster_completes_what_the_personnel_file_leaves_empty(store: Store, tmp_path: Path) -> None:
    report = levelled(
        store, tmp_path, ("副局长", "县处级副职", "", "2010.03"), ("副局长", "县处级正职", "四级调研员", "2010.03")
    )
    # The file has a level (正科级) in its third period only. The first roster has the level, the second the rank.
    assert landed(store, "posting", "start", "post", "level", "rank") == [
        (20000700, "科员", None, None),
        (20030300, "副乡长", None, None),
        (20050900, "党委副书记、镇长（正科级）", "1A41", None),
        (20100300, "党组成员、副局长", "1A32", "四级调研员"),
    ]
    assert [(at, zh) for at, zh in told(report) if zh == roster_posts.ALREADY_TOLD.problem_zh] == [
        (2, roster_posts.ALREADY_TOLD.problem_zh)
    ] * 2
    assert counts(report)["posting"] == (8, 4, 4)


def test_a_roster_overwrites_nothing_of_a_personnel_file(store: Store, tmp_path: Path) -> None:
    career = "2010.03--  示例市发展局副局长（副处级）"
    levelled(store, tmp_path, ("副局长", "县处级正职", "", "2010.03"), JianLi=career)
    assert landed(store, "posting", "level", "rank") == [("1A32", None)]


@pytest.mark.parametrize(
    ("post", "severity", "says"),
    [
        (("局长", "县处级正职", "", "2010.03"), "warning", roster_posts.OTHER_ROLE.problem_zh),
        (("副局长", "县处级副职", "", "2015.06"), "error", "2010-03起在"),
        (("副局长", "副处长级", "", "2010.03"), "error", "职务层次 副处长级"),
    ],
)
def test_another_role_another_start_or_no_level_completes_nothing_and_is_told(
    store: Store, tmp_path: Path, post: tuple[str, str, str, str], severity: str, says: str
) -> None:
    report = levelled(store, tmp_path, post)
    assert landed(store, "posting", "level")[-1] == (None,)
    assert counts(report)["posting"] == (7, 4, 3)
    found = [each for each in report.findings if says in f"{each.column} {each.value} {each.problem_zh}"]
    assert [(each.file, each.row, each.severity) for each in found] == [("0.xlsx", 2, severity)]


def test_a_birth_that_the_two_tell_differently_is_told(store: Store, tmp_path: Path) -> None:
    report = both(store, tmp_path, row(1, "赵样甲", FIRST, birth="1979.05", unit="市发展局", post="副局长"))
    assert landed(store, "member", "birth") == [(19780500,)]
    (found,) = [each for each in report.findings if "姓名或出生年月不同" in each.problem_zh]
    assert (found.severity, found.row) == ("error", ROSTER_ROWS)


def test_someone_alike_without_a_number_is_doubt_until_somebody_decides(store: Store, tmp_path: Path) -> None:
    report = both(store, tmp_path, row(1, "赵样甲", ""))
    assert counts(report)["member"] == (4, 1, 3)
    (found,) = [each for each in report.findings if "--whose" in each.mend_zh]
    assert (found.severity, found.row) == ("error", ROSTER_ROWS)
    ((code,),) = landed(store, "member", "person_id")
    whose = tmp_path / "whose.csv"
    whose.write_text(f"file,person_id\n花名册.xlsx/花名册/{ROSTER_ROWS},{code}\n", encoding="utf-8")
    report = land(store, [tmp_path / "花名册.xlsx"], whose=whose)
    assert counts(report) == {"member": (3, 1, 2), "posting": (1, 1, 0)}
    assert landed(store, "posting", "person_id")[-1] == (code,)


@pytest.mark.parametrize(
    ("second", "doubt"),
    [
        ({"birth": "1978.06"}, True),
        ({"birth": "1973.05"}, True),
        ({"birth": "1978.06", "work": ""}, False),
        ({"birth": "1978.06", "work": "2001.07"}, False),
        ({"birth": "1977.06"}, False),
        ({"birth": "1978.06", "sex": "女"}, False),
    ],
)
def test_a_birth_one_sign_off_is_a_doubt_where_not_both_have_a_number(
    store: Store, second: dict[str, Cell], doubt: bool
) -> None:
    report = taken(
        store, sheets.roster(row(1, "赵样甲", FIRST), row(2, "赵样甲", unit="市发展局", post="副局长", **second))
    )
    people_landed = 2 - doubt - (second.get("work") == "")
    assert (len(landed(store, "member", "name")), counts(report)["posting"][1]) == (people_landed, people_landed)
    assert any("出生年月仅一处之差" in zh for _, zh in told(report)) is doubt


def test_a_corrected_birth_is_a_doubt_beside_whoever_landed_and_none_once_decided(store: Store, tmp_path: Path) -> None:
    taken(store, sheets.roster(row(1, "赵样甲")))
    (code,) = landed(store, "member", "person_id")[0]
    path = sheets.xlsx(tmp_path / "花名册.xlsx", {"花名册": sheets.roster(row(1, "赵样甲", birth="1978.06"))})
    label = f"花名册.xlsx/花名册/{ROSTER_ROWS}"
    (doubt,) = look(store, [path]).doubts
    assert (doubt.label, doubt.code) == (label, code)
    whose = tmp_path / "whose.csv"
    whose.write_text(f"file,person_id\n{label},{code}\n", encoding="utf-8")
    land(store, [path], whose=whose)
    assert set(landed(store, "member", "person_id", "birth")) == {(code, 19780500), (code, 19780600)}


def test_two_numbers_are_two_people_however_alike_and_someone_new_stays_new(store: Store, tmp_path: Path) -> None:
    rows = sheets.roster(row(1, "赵样甲", FIRST), row(2, "赵样甲", id_number("19780605", "003"), birth="1978.06"))
    assert counts(taken(store, rows))["member"][1] == 2
    path = sheets.xlsx(tmp_path / "花名册.xlsx", {"花名册": sheets.roster(row(1, "赵样甲", birth="1978.07"))})
    whose = tmp_path / "whose.csv"
    whose.write_text(f"file,person_id\n花名册.xlsx/花名册/{ROSTER_ROWS},\n", encoding="utf-8")
    land(store, [path], whose=whose)
    assert look(store, [path]).doubts == ()


def test_what_is_decided_at_the_first_look_lands_as_decided(store: Store, tmp_path: Path) -> None:
    paths = [
        sheets.xlsx(tmp_path / f"{name}.xlsx", {"花名册": sheets.roster(row(1, "赵样甲", number))})
        for name, number in (("一", FIRST), ("二", ""))
    ]
    (doubt,) = look(store, paths).doubts
    whose = tmp_path / "whose.csv"
    whose.write_text(f"file,person_id\n{doubt.label},{doubt.code}\n", encoding="utf-8")
    land(store, paths, whose=whose)
    assert landed(store, "member", "person_id") == [(doubt.code,)]


def test_to_replace_posts_alone_forgets_none_of_their_people(store: Store, tmp_path: Path) -> None:
    taken(store, sheets.roster(row(1, "赵样甲", FIRST, post="镇长"), row(2, "孙样丙", THIRD, birth="1990.05")))
    posts_of: Rows = [
        [*HEAD, "机构名称", "职务名称", "任职时间", "任职状态"],
        [*ONE, "市发展局", "副局长", "2026.03", "在任"],
    ]
    path = sheets.xlsx(tmp_path / "职务.xlsx", {"职务信息": posts_of})
    (change,) = difference.of(store.manifest(), look(store, [path], replace=True).parts, replace=True)
    assert (change.source, change.counts) == ("posting", {"new": 1, "gone": 2, "changed": 0})
    assert counts(land(store, [path], replace=True)) == {"posting": (1, 1, 0)}
    assert landed(store, "posting", "post") == [("副局长",)]
    assert landed(store, "posting", "person_id")[0] in landed(store, "member", "person_id")
    assert landed(store, "member", "name") == [("赵样甲",), ("孙样丙",)]


def test_a_start_after_the_month_of_the_roster_is_told_and_one_to_come_keeps_the_post_out_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.month.now", lambda: 202611)
    report = taken(
        store,
        sheets.roster(
            row(1, "赵样甲", FIRST, start="2026.11"),
            row(2, "钱样乙", SECOND, birth="1979.05", unit="市发展局", post="副局长", start="2099.03"),
        ),
    )
    assert (counts(report), report.month) == ({"member": (4, 2, 2), "posting": (2, 1, 1)}, 202610)
    assert [(each.row, each.value, each.severity) for each in report.findings if each.column == "任现职时间"] == [
        (ROSTER_ROWS, "2026.11", "warning"), (ROSTER_ROWS + 1, "2099.03", "error")
    ]  # fmt: skip


def test_nothing_private_is_kept_of_a_roster(store: Store, tmp_path: Path) -> None:
    head = ["姓名", "性别", "出生年月", "身份证号", "健康状况", "手机", "单位", "现任职务", "任现职时间"]
    line = ["赵样甲", "男", "1978.05", FIRST, forms.HEALTH, "13800000000", "松林镇", "镇长", "2021.10"]
    wrong = ["钱样乙", "?", "x", SECOND, forms.HEALTH, "13900000000", f"松林镇{THIRD}", "镇长", "y"]
    report = land(store, [sheets.xlsx(tmp_path / "册.xlsx", {"册": [head, line, wrong]})])
    assert counts(report) == {"member": (2, 1, 1), "posting": (2, 1, 1)}
    kept = b"".join(path.read_bytes() for path in store.root.rglob("*") if path.is_file())
    for private in (FIRST, SECOND, THIRD, forms.HEALTH, "13800000000", "13900000000"):
        assert private.encode() not in kept
    assert not list(store.inbox.rglob("册.xlsx"))
    assert [each.name for each in store.manifest().batches[-1].received] == ["册.xlsx"]


UNITS: Rows = [
    ["机构名称", "上级机构名称", "机构类别", "机构级别", "隶属关系", "正职领导职数", "副职领导职数", "行政编制数"],
    ["示例市", "", "", "", "", None, None, None],
    ["甲县", "示例市", "", "县处级", "", None, None, None],
    ["中共甲县县委", "甲县", "党委", "县处级", "", 1, 3, 20],
    ["松林镇", "甲县", "1001", "乡科级", "81", 2, 7, 40],
    ["柳溪乡", "甲县", "党委", "乡科级", "乡", 2, 5, 30],
    ["市发展局", "示例市", "政府", "县处级", "", 1, 4, 60],
    ["某处", "示例市", "内设机构", "", "", 1, 1, 5],
    ["孤镇", "无名县", "党委", "", "镇", 1, 1, 5],
]
HEAD = ["姓名", "性别", "出生年月", "身份证号"]
MORE = ["是否班子成员", "免职类型", "是否交流", "交流方式"]
ONE, TWO = ["赵样甲", "男", "1978.05", FIRST], ["钱样乙", "女", "1979.05", ""]
THREE, NOBODY = ["孙样丙", "男", "1990.05", THIRD], ["周样戊", "男", "1980.01", ""]
WORKBOOK: dict[str, Rows] = {
    "人员基本信息": [
        [*HEAD, "籍贯", "民族", "入党时间", "政治面貌", "参加工作时间", "健康状况", "人员状态", "简历"],
        ["赵样甲", "男", "1978.05", FIRST, "某", "汉族", "2001.06", "中共党员", "2000.07", "良", "现职人员", "…"],
        ["钱样乙", "女", "1979.05", "", "某", "汉族", "", "群众", "2001.07", "良", "现职人员", "…"],
        ["孙样丙", "男", "1990.05", THIRD, "某", "汉族", "", "民盟", "2012.07", "良", "离退", "…"],
    ],
    "机构信息": UNITS,
    "职务信息": [
        [*HEAD, "机构名称", "职务名称", "职务类别", "职务层次", "任职时间", "任职状态", "成员类别", "免职时间", *MORE],
        [*ONE, "松林镇", "镇长", "领导", "乡科级正职", "2015.01", "已免", "正职", "2019.05", "是", "交流", "否", ""],
        [*ONE, "市发展局", "副局长", "领导", "县处级副职", "2019.05", "在任", "副职", "", "是", "", "是", "转任"],
        [*TWO, "松林镇", "党委书记", "1", "1A41", "2021.10", "1", "1", "", "是", "", "", ""],
        [*THREE, "柳溪乡", "副乡长", "领导", "乡科级副职", "2021.10", "在任", "副职", "", "是", "", "", ""],
        [*THREE, "柳溪乡", "科员", "非领导", "科员", "2012.07", "已免", "", "", "否", "", "", ""],
        [*NOBODY, "柳溪乡", "乡长", "领导", "乡科级正职", "2021.10", "在任", "正职", "", "是", "", "", ""],
    ],
    "考核信息": [
        [*HEAD, "考核年度", "考核结果"],
        ["赵样甲", "男", "1978.05", FIRST, "2024", "优秀"],
        ["钱样乙", "女", "1979.05", "", 2024, "称职"],
        ["钱样乙", "女", "1979.05", "", 2025, "良好"],
    ],
    "家庭成员": [[*HEAD, "称谓", "家庭成员姓名"], ["赵样甲", "男", "1978.05", FIRST, "妻子", "周样家"]],
    "学历学位": [[*HEAD, "学历名称", "学位名称"], ["赵样甲", "男", "1978.05", FIRST, "大学", "学士"]],
    "通讯": [["姓名", "移动电话"], ["赵样甲", "13800000000"]],
}  # fmt: skip


def test_the_import_workbook_of_the_civil_service_system_lands_by_itself(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    report = land(store, [sheets.xlsx(tmp_path / "导入.xlsx", WORKBOOK)])
    assert counts(report) == {
        "unit": (8, 6, 2), "member": (3, 3, 0), "posting": (6, 3, 3), "assessment": (3, 2, 1)
    }  # fmt: skip
    assert landed(store, "unit", "unit_id", "parent_id", "body", "organ", "approved_chiefs", "approved_deputies") == [
        ("示例市", None, "city", None, None, None),
        ("示例市/甲县", "示例市", "county", None, None, None),
        ("示例市/甲县/中共甲县县委", "示例市/甲县", "county_leadership", "party", 1, 3),
        ("示例市/甲县/松林镇", "示例市/甲县", "township", "party", 2, 7),
        ("示例市/甲县/柳溪乡", "示例市/甲县", "township", "party", 2, 5),
        ("示例市/市发展局", "示例市", "municipal_department", "government", 1, 4),
    ]
    assert landed(store, "member", "name", "party", "work_start") == [
        ("赵样甲", "01", 20000700), ("钱样乙", "13", 20010700), ("孙样丙", "05", 20120700)
    ]  # fmt: skip
    columns = ("unit_id", "role", "level", "start", "end", "end_reason", "exchange_kind")
    assert landed(store, "posting", *columns) == [
        ("示例市/甲县/松林镇", "chief", "1A41", 20150100, 20190500, "moved", None),
        ("示例市/市发展局", "deputy", "1A32", 20190500, None, None, "transfer"),
        ("示例市/甲县/松林镇", "secretary", "1A41", 20211000, None, None, None),
    ]
    codes = dict(landed(store, "member", "name", "person_id"))
    assert landed(store, "posting", "person_id") == [(codes["赵样甲"],), (codes["赵样甲"],), (codes["钱样乙"],)]
    assert landed(store, "assessment", "person_id", "year", "grade") == [
        (codes["赵样甲"], 2024, "excellent"), (codes["钱样乙"], 2024, "competent")
    ]  # fmt: skip
    found = [(each.sheet, each.row, each.problem_zh) for each in report.findings]
    for sheet, at, problem in (
        ("机构信息", 8, unit_sheets.NO_KIND), ("机构信息", 9, unit_sheets.NO_PARENT),
        ("职务信息", 5, roster_posts.NOT_IN_POST), ("职务信息", 6, roster_posts.LEFT_WHEN),
        ("职务信息", 7, roster_posts.NOBODY_MEANT),
    ):  # fmt: skip
        assert (sheet, at, problem.problem_zh) in found
    passed = [each for each in report.findings if each.problem_zh == reading.PASSED_SHEET.problem_zh]
    assert [(each.sheet, each.value) for each in passed] == [
        ("家庭成员", "家庭成员: 1"), ("学历学位", "学历学位: 1"), ("通讯", "通讯: 1")
    ]  # fmt: skip
    assert "周样家" not in str(report.findings)


SETS: dict[str, Rows] = {
    "A01": [
        ["A0000", "A0101", "A0104", "A0107", "A0134", "A0144", "A0141", "A0163", "A0184", "A0192A", "A0117"],
        ["u-1", "赵样甲", "1", "197805", "200007", "200106", "01", "1", FIRST, "市发展局副局长", "01"],
        ["u-2", "钱样乙", "2", "197905", "200107", "", "13", "1", SECOND, "松林镇党委书记", "01"],
    ],
    "A02": [
        ["A0000", "A0201A", "A0201B", "A0201E", "A0215A", "A0219", "A0221", "A0243", "A0255", "A0265", "A0279"],
        ["u-1", "松林镇", "001.001.002", "1", "镇长", "1", "1A41", "201501", "0", "201905", "0"],
        ["u-1", "市发展局", "001.002", "3", "副局长", "1", "1A32", "201905", "1", "", "1"],
        ["u-2", "松林镇", "001.001.002", "1", "党委书记", "1", "1A41", "202110", "1", "", "1"],
        ["u-2", "松林镇", "001.001.002", "Z", "办事员", "2", "1A60", "200107", "0", "200501", "0"],
        ["u-9", "松林镇", "001.001.002", "3", "副镇长", "1", "1A42", "202110", "1", "", "1"],
    ],
    "A15": [["A0000", "A1521", "A1517"], ["u-1", "2024", "1"], ["u-2", "2024", "2"]],
    "A36": [["A0000", "A3604A", "A3601"], ["u-1", "妻子", "周样家"]],
}


def test_exports_by_information_sets_land_from_their_codes(store: Store, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.csv" for name in SETS]
    for path in files:
        path.write_text(sheets.text(SETS[path.stem]), encoding="gb18030")
    report = land(store, [*files, form(tmp_path)])
    assert counts(report)["posting"] == (6 + 5, 4 + 4, 2 + 1)
    assert counts(report)["assessment"] == (3 + 2, 3 + 2 - 1, 1)
    ((first, _), (second, _)) = landed(store, "member", "person_id", "name")
    assert landed(store, "posting", "person_id", "unit_id", "role", "level", "start", "end", "primary")[4:] == [
        (first, "001.001.002", "chief", "1A41", 20150100, 20190500, False),
        (first, "001.002", "deputy", "1A32", 20190500, None, True),
        (second, "001.001.002", "secretary", "1A41", 20211000, None, True),
        (second, "001.001.002", "other", None, 20010700, 20050100, False),
    ]
    found = [(each.file, each.row, each.problem_zh) for each in report.findings]
    assert ("A02.csv", 5, roster_posts.LEVEL_NOT_KEPT.problem_zh) in found
    assert ("A02.csv", 6, roster_posts.PERSON_NOT_LANDED.problem_zh) in found
    assert ("A36.csv", 1, reading.PASSED_SHEET.problem_zh) in found


def test_a_template_with_a_column_more_is_read_as_the_template(tmp_path: Path) -> None:
    head = ["人员编码", "姓名", "性别", "出生年月", "身份证号"]
    path = sheets.xlsx(tmp_path / "a.xlsx", {"一": [head, ["P1", "甲", "女", "1990.05", FIRST]]})
    (sheet,) = reading.sheets(path)
    found: Recognition = reading.recognition(sheet)
    assert (found.layout, found.sources, [each.written for each in found.unread]) == ("", ("member",), ["身份证号"])
    store = Store(tmp_path / "store")
    land(store, [path])
    assert not list(store.inbox.rglob("a.xlsx"))


COUNTY: Rows = [
    ["机构名称", "上级机构名称", "机构类别", "机构级别", "隶属关系"],
    ["甲县", "", "", "县处级正职", "县"],
    ["中共甲县县委", "甲县", "党委", "县处级正职", "县"],
    ["甲县人民政府", "甲县", "政府", "县处级正职", "县"],
    ["甲县教育局", "甲县", "政府", "乡科级正职", "县"],
    ["甲县林草局", "甲县人民政府", "政府", "乡科级正职", "县"],
    ["甲县组织部", "中共甲县县委", "党委", "乡科级正职", "县"],
    ["甲县纪委监委", "中共甲县县委", "纪委", "县处级副职", "县"],
    ["松林镇", "甲县人民政府", "党委", "乡科级正职", ""],
    ["松林镇人民政府", "松林镇", "政府", "乡科级正职", ""],
    ["某处", "甲县人民政府", "内设机构", "", ""],
    ["别处", "甲县人民政府", "县直单位", "", ""],
]


def test_a_county_at_the_top_has_its_own_units(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    report = land(store, [sheets.xlsx(tmp_path / "机构.xlsx", {"机构信息": COUNTY})])
    assert landed(store, "unit", "name", "body", "organ") == [
        ("甲县", "county", None),
        ("中共甲县县委", "county_leadership", "party"),
        ("甲县人民政府", "county_leadership", "government"),
        ("甲县教育局", "county_department", "government"),
        ("甲县林草局", "county_department", "government"),
        ("甲县组织部", "county_department", "party"),
        ("甲县纪委监委", "county_leadership", "party"),
        ("松林镇", "township", "party"),
        ("松林镇人民政府", "township", "government"),
        ("别处", "county_department", None),
    ]
    (refused,) = [each for each in report.findings if each.severity == "error"]
    assert (refused.row, refused.value, "县直单位、乡镇（街道）" in refused.mend_zh) == (11, "某处", True)


@pytest.mark.parametrize("why", ["its unit above is unknown", "its kind is unknown", "a cell of it is wrong"])
def test_below_a_unit_that_is_rejected_nothing_lands_until_it_is_mended(tmp_path: Path, why: str) -> None:
    whys: dict[str, list[Cell]] = {
        "its unit above is unknown": ["示例市", "某省", "", None],
        "its kind is unknown": ["某处", "", "内设机构", None],
        "a cell of it is wrong": ["示例市", "", "", "两"],
    }
    wrong = whys[why]
    top = str(wrong[0])
    below: Rows = [["甲县", top, "", 1], ["松林镇", "甲县", "", 1]]
    store, head = Store(tmp_path / "store"), ["机构名称", "上级机构名称", "机构类别", "正职领导职数"]
    report = land(store, [sheets.xlsx(tmp_path / "机构.xlsx", {"机构信息": [head, wrong, *below]})])
    assert counts(report) == {"unit": (3, 0, 3)}
    refused = [(each.row, each.problem_zh) for each in report.findings if each.severity == "error"]
    assert [at for at, _ in refused] == [2, 3, 4]
    assert [zh for _, zh in refused[1:]] == [unit_sheets.ABOVE_NOT_LANDED.problem_zh] * 2
    mended = [[top, "", "市", None], *below]
    land(store, [sheets.xlsx(tmp_path / "机构.xlsx", {"机构信息": [head, *mended]})])
    assert landed(store, "unit", "unit_id") == [(top,), (f"{top}/甲县",), (f"{top}/甲县/松林镇",)]


def test_every_field_that_codes_or_layouts_name_is_one_that_is_read() -> None:
    known = {name for each in layout.layouts() for name in each.headings.values()}
    for each in layout.layouts():
        assert {name for one in each.needs for name in one} <= known
        assert each.without <= known
        assert all(any(each.filled_by(name) or name == "person_state" for name in one) for one in each.needs)
    assert {rule.body for rule in layout.kinds()} <= set(layout.organs()) | {
        "city", "county", "county_leadership", "county_department", "township", "municipal_department",
        "enterprise", "institution",
    }  # fmt: skip


def test_a_sheet_without_its_foot_and_titles_is_the_same_roster(store: Store) -> None:
    bare: Rows = [ROSTER_HEAD[2], *([] if len(ROSTER_HEAD) == 0 else [ROSTER_HEAD[3]]), *PEOPLE[4 : -len(FOOT)]]
    report = taken(store, bare)
    assert counts(report) == {"member": (3, 3, 0), "posting": (3, 3, 0)}
    assert landed(store, "posting", "unit_id", "post", "role", "level", "rank", "start") == POSTINGS
