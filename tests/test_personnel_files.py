"""Promises of personnel files: every form seen is read, no line lost, nobody merged in doubt, nothing private kept."""

import csv
import hashlib
import io
import os
import stat
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data import bundle, checking, contract, lrmx, matching, people
from data.__main__ import main
from data.batches import LandingError
from data.landing import Report, examine, land
from data.lrmx import PersonnelFileError
from data.reading import ReadingError
from data.store import Store
from tests import forms
from tests.forms import id_number, person


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which the units have landed."""
    units = tmp_path / "units.csv"
    units.write_text(forms.UNITS, encoding="utf-8")
    made = Store(tmp_path / "store")
    land(made, [units])
    return made


def folder(tmp_path: Path, **files: bytes) -> Path:
    """A folder of .lrmx files by these names."""
    made = tmp_path / "forms"
    made.mkdir(exist_ok=True)
    for name, content in files.items():
        (made / f"{name}.lrmx").write_bytes(content)
    return made


def taken(store: Store, tmp_path: Path, *people: Mapping[str, str]) -> Report:
    """What became of one file a person: 0.lrmx, 1.lrmx ..."""
    return land(store, [folder(tmp_path, **{str(at): forms.lrmx(said) for at, said in enumerate(people)})])


def rows(store: Store, source: str) -> list[dict[str, Any]]:
    """Everything that landed of a source."""
    return [row for path in store.manifest().files(source) for row in pq.read_table(path).to_pylist()]


def counts(report: Report) -> dict[str, tuple[int, int, int]]:
    """Rows in, landed and rejected by source."""
    return {count.source: (count.rows_in, count.landed, count.rejected) for count in report.counts}


def problems(report: Report) -> list[str]:
    """The beginning of each problem, in words of one's own choosing."""
    return [finding.problem_en for finding in report.findings]


def test_a_form_lands_as_a_person_postings_and_assessments(store: Store, tmp_path: Path) -> None:
    report = taken(store, tmp_path, person())
    assert counts(report) == {"member": (1, 1, 0), "posting": (6, 4, 2), "assessment": (3, 3, 0)}
    (member,) = rows(store, "member")
    code = member.pop("person_id")
    assert code.startswith("ID-")
    assert member == {
        "name": "赵样甲", "sex": "male", "birth": 19780500, "party": "01", "identity": None, "retire_month": 204105,
        "age_limit": 60, "work_start": 20000700, "joined": 20010600, "growth_place": None,
    }  # fmt: skip
    columns = ("unit_id", "post", "role", "level", "start", "end", "primary", "counted", "exchange_kind")
    assert [tuple(row[name] for name in columns) for row in rows(store, "posting")] == [
        ("001.001.002", "科员", "other", None, 20000700, 20050900, True, True, None),
        ("001.001.003", "副乡长", "deputy", None, 20030300, 20040300, False, False, "secondment"),
        ("001.001.002", "党委副书记、镇长（正科级）", "chief", "1A41", 20050900, 20100300, True, True, None),
        ("001.002", "党组成员、副局长", "deputy", None, 20100300, None, True, True, None),
    ]
    assert {row["person_id"] for row in rows(store, "posting")} == {code}
    assert [(row["year"], row["grade"]) for row in rows(store, "assessment")] == [
        (2023, "excellent"), (2024, "competent"), (2025, "excellent")
    ]  # fmt: skip
    assert [(found.row, found.severity) for found in report.findings] == [(1, "warning"), (3, "warning")]
    assert {found.problem_zh for found in report.findings} == {"此段为学习经历，不作为任职导入。"}


@pytest.mark.parametrize(
    "content",
    [
        forms.lrmx(person(), forms.ORDER[::-1]),
        forms.lrmx(person(Version="3.2.1.6"), [tag for tag in forms.ORDER if not tag.startswith(("Dao", "GaiGe"))]),
        b"\xef\xbb\xbf" + forms.lrmx(person()),
        forms.lrmx(person(JianLi=forms.CAREER.replace("\n", "\r\n"))),
        forms.lrmx(person()).decode().encode("gb18030"),
        forms.lrmx(person()).decode().encode("utf-16"),
        forms.lrmx(person(), head='<?xml version="1.0" encoding="GB2312"?>').decode().encode("gb18030"),
        forms.lrmx(person()).replace(b"<Person>", b'<Person xmlns="urn:x">'),
        forms.lrmx(person(XingMing="赵　样 甲")),
        forms.lrmx(person(ShenFenZheng=id_number(serial="005").lower() + " ")),
    ],
    ids=["backwards", "3.x", "BOM", "Windows", "GB18030", "UTF-16", "says GB2312", "namespace", "padded", "small x"],
)  # fmt: skip
def test_the_same_form_reads_the_same_however_it_is_written(store: Store, tmp_path: Path, content: bytes) -> None:
    report = land(store, [folder(tmp_path, a=content)])
    assert counts(report) == {"member": (1, 1, 0), "posting": (6, 4, 2), "assessment": (3, 3, 0)}
    assert rows(store, "member")[0]["name"] == "赵样甲"


def test_what_sources_ask_for_is_read_in_any_order_and_the_rest_of_the_form_is_passed_over() -> None:
    said = {tag: f"说{tag}" for tag in (*lrmx.KEPT, *lrmx.UNASKED)}
    for order in (tuple(said), tuple(reversed(said)), tuple(sorted(said))):
        record = lrmx.read(forms.lrmx(said, order), ".lrmx")
        assert dict(record.fields) == {tag: f"说{tag}" for tag in lrmx.KEPT}
        assert record.notes == ()


@pytest.mark.parametrize(
    ("written", "birth"),
    [
        ("1978.05", 19780500), ("197805", 19780500), ("1978年5月", 19780500), ("1978-05-03", 19780503),
        ("１９７８．０５", 19780500), ("19780503", 19780503), ("1978.05.03", 19780503), ("", 19780503),
    ],
)  # fmt: skip
def test_dates_are_read_in_every_form_seen(store: Store, tmp_path: Path, written: str, birth: int) -> None:
    taken(store, tmp_path, person(ChuShengNianYue=written))
    assert rows(store, "member")[0]["birth"] == birth


@pytest.mark.parametrize(
    ("field", "named", "party", "told"),
    [
        ("200106", "", "01", 0), ("2001.06", "", "01", 0), ("民盟", "", "05", 0), ("200106；民盟", "", "01", 1),
        ("", "群众", "13", 0), ("", "", None, 0), ("不详", "", None, 1), ("中共党员（2001.06）", "", "01", 0),
    ],
)  # fmt: skip
def test_the_field_of_joining_says_the_party(
    store: Store, tmp_path: Path, field: str, named: str, party: str | None, told: int
) -> None:
    said = person(RuDangShiJian=field, ZhengZhiMianMao=named)
    report = land(store, [folder(tmp_path, a=forms.lrmx(said, (*forms.ORDER, "ZhengZhiMianMao")))])
    assert rows(store, "member")[0]["party"] == party
    assert len(report.findings) - 2 == told


@pytest.mark.parametrize(
    ("written", "limit", "told"),
    [("改革前任职年龄界限为63岁", 63, 0), ("55", 55, 0), ("-1", None, 0), ("已到龄", None, 0), ("不清楚", None, 1)],
)
def test_the_age_limit_is_read_from_its_sentence(
    store: Store, tmp_path: Path, written: str, limit: int | None, told: int
) -> None:
    report = taken(store, tmp_path, person(GaiGeQianRenZhiNianLingJieXian=written))
    assert rows(store, "member")[0]["age_limit"] == limit
    assert len(report.findings) - 2 == told


def test_what_is_no_field_of_the_form_is_told_and_not_lost(store: Store, tmp_path: Path) -> None:
    more = (
        '<BeiZhu lang="zh">备注一<x>二</x></BeiZhu>散落<XingMing>另一名</XingMing>'
        "<ZhengZhiMianMao>中共<b>党员</b></ZhengZhiMianMao>"
    )
    report = land(store, [folder(tmp_path, a=forms.lrmx(person(), more=more))])
    told = {(found.column, found.value) for found in report.findings if not found.sheet}
    assert told == {
        ("BeiZhu@lang", "zh"), ("BeiZhu", "备注一\n二"), ("Person", "散落"), ("XingMing", "另一名"),
        ("ZhengZhiMianMao/b", ""),
    }  # fmt: skip
    assert rows(store, "member")[0]["name"] == "赵样甲"


def test_the_older_record_is_read_by_place(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.LRM"
    path.write_bytes(forms.lrm(person()))
    report = land(store, [path])
    assert counts(report) == {"member": (1, 1, 0), "posting": (6, 4, 2), "assessment": (3, 3, 0)}
    (member,) = rows(store, "member")
    assert (member["name"], member["sex"], member["birth"], member["party"]) == ("赵样甲", "male", 19780500, "01")
    assert member["person_id"].startswith("NB-")
    record = lrmx.read(forms.lrm(person()), ".lrm")
    assert set(record.fields) <= set(lrmx.KEPT)
    assert record.notes == ()


@pytest.mark.parametrize(
    ("content", "ending", "told"),
    [
        (b"", ".lrmx", "no whole XML document"),
        (forms.lrmx(person())[:-30], ".lrmx", "no whole XML document"),
        (b"<People/>", ".lrmx", "begins with <People>"),
        (b"<a>" * 99, ".lrmx", "begins with <a>"),
        (b"<Person>" + b"<a>" * 99, ".lrmx", "nested more than"),
        (b"\x00\xff\xfe\x81", ".lrmx", "neither UTF-8 nor GB18030"),
        (b"x" * (lrmx.MOST_BYTES + 1), ".lrmx", "larger than a form"),
        (b"<Person><JianLi>" + b"x" * 10**6 + b"</JianLi></Person>", ".lrmx", "larger than a form"),
        (b"<Person>" + b"<x/>" * 10**4 + b"</Person>", ".lrmx", "larger than a form"),
        (b'<!DOCTYPE p [<!ENTITY a "b">]><Person><XingMing>&a;</XingMing></Person>', ".lrmx", "DOCTYPE"),
        (b'<!DOCTYPE p SYSTEM "http://127.0.0.1:9/x"><Person/>', ".lrmx", "DOCTYPE"),
        (b'<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><Person>&a;</Person>', ".lrmx", "DOCTYPE"),
        (b"<Person>&a;</Person>", ".lrmx", "no whole XML document"),
        (b"hello", ".lrm", "does not begin with a quoted field"),
        (b'"a","b"', ".lrm", "cut off"),
    ],
)
def test_a_file_that_is_no_form_is_refused_in_a_sentence(content: bytes, ending: str, told: str) -> None:
    with pytest.raises(PersonnelFileError, match=told):
        lrmx.read(content, ending)


def test_a_broken_file_is_one_rejected_row_and_stops_no_other(store: Store, tmp_path: Path) -> None:
    report = land(store, [folder(tmp_path, a=b"<Person>", b=forms.lrmx(person()))])
    assert counts(report)["member"] == (2, 1, 1)
    (found,) = [each for each in report.findings if each.severity == "error"]
    assert (found.file, found.row) == ("forms/a.lrmx", 1)
    assert "save it again" in found.mend_en


def test_photo_family_health_and_id_number_are_nowhere_in_the_store(store: Store, tmp_path: Path) -> None:
    number, broken = id_number(), id_number(last="Y")[:17] + "0"
    named = folder(
        tmp_path,
        **{
            f"赵样甲{number}": forms.lrmx(person(), more=f"<Bei>{number}</Bei><Zhao>{forms.PHOTO}</Zhao>{forms.FAMILY}")
        },
    )
    (named / "乙.lrm").write_bytes(forms.lrm(person(XingMing="钱样乙", JianLi=f"{forms.CAREER}（{number}）")))
    (named / "丙.lrmx").write_bytes(forms.lrmx(person(XingMing="孙样丙", ShenFenZheng=broken, XingBie=number)))
    archive = forms.zipped(tmp_path / f"{number}.zip", {f"{number}.lrmx": forms.lrmx(person())})
    land(store, [named, archive])
    told = [store.findings_of("0002").read_text(encoding="utf-8-sig"), store.manifest_path.read_text(encoding="utf-8")]
    landed = [str(row) for source in ("member", "posting", "assessment") for row in rows(store, source)]
    whole = "".join([*told, *landed, *(str(path) for path in store.root.rglob("*"))])
    private = (number, broken, forms.PHOTO[:60], "周样家", "某校教师", forms.HEALTH)
    assert [word for word in private if word in whole] == []
    assert [path for path in (store.inbox / "0002").iterdir()] == []  # noqa: C416 - the names are shown where it fails
    raw = b"".join(path.read_bytes() for path in store.root.rglob("*") if path.is_file())
    assert [word for word in private if word.encode() in raw] == []


def test_a_person_code_says_nothing_without_the_key_of_the_store(store: Store, tmp_path: Path) -> None:
    taken(store, tmp_path, person())
    other = Store(tmp_path / "other")
    taken(other, tmp_path, person())
    (here,), (there,) = rows(store, "member"), rows(other, "member")
    assert here["person_id"] != there["person_id"]
    assert stat.S_IMODE(store.key_path.stat().st_mode) == 0o600 or os.name == "nt"
    land(store, [tmp_path / "forms"])
    assert {row["person_id"] for row in rows(store, "member")} == {here["person_id"]}


def test_a_damaged_key_stops_everything_in_a_sentence(store: Store, tmp_path: Path) -> None:
    store.key_path.write_text("abc", encoding="ascii")
    with pytest.raises(LandingError, match="bring it back from a copy"):
        taken(store, tmp_path, person())


def test_the_manifest_keeps_what_was_received_and_its_digest(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.lrmx"
    path.write_bytes(forms.lrmx(person()))
    land(store, [path, folder(tmp_path, b=forms.lrm(person()))])
    one, many = store.manifest().batches[-1].received
    assert (one.name, one.files, one.digest) == ("a.lrmx", 1, hashlib.sha256(path.read_bytes()).hexdigest())
    assert (many.name, many.files) == ("forms", 1)


def test_a_mere_check_makes_no_store(tmp_path: Path) -> None:
    nowhere = Store(tmp_path / "nowhere")
    report = examine([folder(tmp_path, a=forms.lrmx(person()))], store=nowhere)
    assert counts(report) == {"member": (1, 1, 0), "posting": (6, 0, 6), "assessment": (3, 3, 0)}
    assert not nowhere.root.exists()


# Whom a file is of


def test_the_second_file_of_an_id_number_is_told_and_does_not_land(store: Store, tmp_path: Path) -> None:
    report = taken(store, tmp_path, person(), person(JianLi="2012.01--2013.01  甲县松林镇镇长"))
    assert counts(report) == {"member": (2, 1, 1), "posting": (7, 4, 3), "assessment": (6, 3, 3)}
    assert "of the same person and came first" in problems(report)[0]


def test_two_with_the_same_name_sex_and_birth_and_other_numbers_are_two(store: Store, tmp_path: Path) -> None:
    report = taken(store, tmp_path, person(), person(ShenFenZheng=id_number(serial="003")))
    assert counts(report)["member"] == (2, 2, 0)


@pytest.mark.parametrize("number", ["", id_number(last="0"), "12345"], ids=["none", "wrong last sign", "too short"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_file_without_a_number_never_joins_or_doubles_one_who_is_alike(
    store: Store, tmp_path: Path, number: str, *, turned: bool
) -> None:
    two = [person(), person(ShenFenZheng=number, CanJiaGongZuoShiJian="200107")]
    report = taken(store, tmp_path, *(two[::-1] if turned else two))
    assert counts(report)["member"] == (2, 1, 1)
    assert rows(store, "member")[0]["person_id"].startswith("ID-")
    assert any("it may be the same person" in problem for problem in problems(report))


def test_one_alike_who_landed_from_a_roster_is_told_and_not_doubled(store: Store, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("人员编码,姓名,性别,出生年月\nP1,赵 样甲,男,1978.05\n", encoding="utf-8")
    land(store, [roster])
    report = taken(store, tmp_path, person())
    assert counts(report)["member"] == (1, 0, 1)
    assert "Name, sex and birth are those of P1" in problems(report)[0]
    together = land(Store(tmp_path / "fresh"), [roster, tmp_path / "forms"])
    assert [count.landed for count in together.counts if count.source == "member"] == [1, 0]


@pytest.mark.parametrize("missing", ["XingMing", "XingBie", "ChuShengNianYue", "CanJiaGongZuoShiJian"])
def test_without_a_number_every_other_identifier_is_needed(store: Store, tmp_path: Path, missing: str) -> None:
    report = taken(store, tmp_path, person(ShenFenZheng="", **{missing: ""}))
    assert counts(report) == {"member": (1, 0, 1), "posting": (6, 0, 6), "assessment": (3, 0, 3)}
    assert people.NOT_TOLD_APART.problem_en in problems(report)


@pytest.mark.parametrize(
    ("said", "landed", "told"),
    [
        ({"XingMing": "赵样新"}, 1, "whose name or birth was other before"),
        ({"ChuShengNianYue": "197806"}, 1, "whose name or birth was other before"),
        ({"XingMing": "钱样乙", "ChuShengNianYue": "198001"}, 0, "name and birth are both other"),
    ],
)
def test_what_changed_since_a_person_landed_is_told(
    store: Store, tmp_path: Path, said: dict[str, str], landed: int, told: str
) -> None:
    taken(store, tmp_path, person())
    report = taken(store, tmp_path, person(**said))
    assert counts(report)["member"] == (1, landed, 1 - landed)
    assert any(told in problem for problem in problems(report))


def test_to_replace_everyone_compares_with_nobody_who_goes(store: Store, tmp_path: Path) -> None:
    taken(store, tmp_path, person(ShenFenZheng=""))
    forms_now = folder(tmp_path, **{"0": forms.lrmx(person())})
    assert counts(examine([forms_now], store=store))["member"] == (1, 0, 1)
    assert counts(land(store, [forms_now], replace=True))["member"] == (1, 1, 0)


def test_what_an_id_number_says_otherwise_is_told(store: Store, tmp_path: Path) -> None:
    report = taken(store, tmp_path, person(ChuShengNianYue="198005", XingBie="女"))
    assert counts(report)["member"] == (1, 1, 0)
    assert {people.BIRTH_DIFFERS.problem_en, people.SEX_DIFFERS.problem_en} <= set(problems(report))
    assert rows(store, "member")[0]["birth"] == 19800500


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("11010519491231002X", True), ("11010519491231002x", True), ("１１０１０５１９４９１２３１００２Ｘ", True),
        ("110105194912310021", False), ("11010519491331002X", False), ("110105491231002", True), ("", False),
    ],
)  # fmt: skip
def test_an_id_number_is_told_by_its_last_sign(text: str, *, right: bool) -> None:
    number = matching.id_number(text)
    assert (number is not None) is right
    assert number is None or (number.digits, number.birth, number.sex) == ("11010519491231002X", 19491231, "female")


def test_a_person_decides_whose_a_file_in_doubt_is(store: Store, tmp_path: Path) -> None:
    roster, whose = tmp_path / "roster.csv", tmp_path / "whose.csv"
    roster.write_text("人员编码,姓名,性别,出生年月\nP1,赵样甲,男,1978.05\n", encoding="utf-8")
    land(store, [roster])
    given = folder(tmp_path, a=forms.lrmx(person()), b=forms.lrmx(person(ShenFenZheng="")))
    whose.write_text("file,person_id\nforms/a.lrmx,P1\nforms/b.lrmx,\n", encoding="utf-8")
    report = land(store, [given], whose=whose)
    assert counts(report) == {"member": (2, 2, 0), "posting": (12, 8, 4), "assessment": (6, 6, 0)}
    assert [row["person_id"][:3] for row in rows(store, "member")] == ["P1", "P1", "NB-"]


def decided(tmp_path: Path, said: str) -> Path:
    """What people decided: the file and the code."""
    whose = tmp_path / "whose.csv"
    whose.write_text(f"file,person_id\n{said}\n", encoding="utf-8")
    return whose


def test_one_alike_is_in_doubt_beside_a_file_that_people_decided_on_too(store: Store, tmp_path: Path) -> None:
    given = folder(
        tmp_path,
        a=forms.lrmx(person(ShenFenZheng="", CanJiaGongZuoShiJian="")),
        b=forms.lrmx(person(ShenFenZheng="", CanJiaGongZuoShiJian="200107")),
    )
    report = land(store, [given], whose=decided(tmp_path, "forms/a.lrmx,P7"))
    assert [row["person_id"] for row in rows(store, "member")] == ["P7"]
    assert any("Name, sex and birth are those of forms/a.lrmx" in problem for problem in problems(report))


def test_a_file_decided_on_wrongly_keeps_the_right_one_from_nothing(store: Store, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("人员编码,姓名,性别,出生年月\nP1,赵样甲,男,1978.05\n", encoding="utf-8")
    land(store, [roster])
    wrong = person(XingMing="钱样乙", ChuShengNianYue="198001", ShenFenZheng="")
    given = folder(tmp_path, a=forms.lrmx(wrong), b=forms.lrmx(person(ShenFenZheng="")))
    report = land(store, [given], whose=decided(tmp_path, "forms/a.lrmx,P1\nforms/b.lrmx,P1"))
    assert counts(report)["member"] == (2, 1, 1)
    assert [row["name"] for row in rows(store, "member")] == ["赵样甲", "赵样甲"]
    assert any("both other than they landed before" in problem for problem in problems(report))


def test_the_newest_form_says_how_far_starts_are_believed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.month.now", lambda: 202703)
    order = (*forms.ORDER, "JiSuanNianLingShiJian", "TianBiaoShiJian")
    said = {"JiSuanNianLingShiJian": "20260531", "TianBiaoShiJian": "202610"}
    one = person(**said, JianLi="2010.03--2026.10  市发展局副局长\n2026.10--  松林镇党委书记")
    two = person(
        **(said | {"JiSuanNianLingShiJian": "209906", "TianBiaoShiJian": ""}),
        ShenFenZheng=id_number(serial="003"),
        JianLi="2010.03--2027.02  市发展局副局长\n2027.02--2099.01  松林镇镇长\n2099.01--  市发展局副局长",
    )
    report = land(store, [folder(tmp_path, a=forms.lrmx(one, order), b=forms.lrmx(two, order))])
    assert (counts(report)["posting"], report.month) == ((5, 4, 1), 202610)
    assert [(each.file, each.row, each.severity, each.problem_zh) for each in report.findings] == [
        ("forms/b.lrmx", 2, "warning", checking.AFTER_STATED.problem_zh),
        ("forms/b.lrmx", 3, "error", checking.NOT_YET.problem_zh),
    ]


def test_the_older_record_says_when_it_was_filled_in() -> None:
    places = forms.lrm(person()).decode("gbk").split('","')
    places[30], places[32] = "20261031", '202611"\r\n'
    said = lrmx.read('","'.join(places).encode("gbk"), ".lrm")
    assert (said.says("JiSuanNianLingShiJian"), said.says("TianBiaoShiJian")) == ("20261031", "202611")
    assert said.notes == ()


def test_a_decision_gives_a_code_to_a_file_without_identifiers(store: Store, tmp_path: Path) -> None:
    given = folder(tmp_path, **{"0": forms.lrmx(person(ShenFenZheng="", ChuShengNianYue=""))})
    land(store, [given], whose=decided(tmp_path, "forms/0.lrmx,P7"))
    assert [row["person_id"] for row in rows(store, "member")] == ["P7"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("file,person_id\nno.lrmx,P1\n", "No file or row is called 'no.lrmx'; name it as the findings do"),
        ("a,b\n1,2\n", "columns file and person_id"),
        ("file,person_id\nforms/a.lrmx,NB-00\n", "Nobody has the code 'NB-00' that was decided on for forms/a.lrmx"),
    ],
)
def test_a_decision_that_cannot_be_used_is_refused_in_a_sentence(
    store: Store, tmp_path: Path, text: str, told: str
) -> None:
    whose = tmp_path / "whose.csv"
    whose.write_text(text, encoding="utf-8")
    with pytest.raises(ReadingError, match=told):
        land(store, [folder(tmp_path, a=forms.lrmx(person()))], whose=whose)


# Units and titles


def posted(store: Store, tmp_path: Path, duty: str) -> list[tuple[str, str, str]]:
    """Unit, post and role of what landed of one period."""
    taken(store, tmp_path, person(JianLi=f"2005.09--2010.03  {duty}"))
    return [(row["unit_id"], row["post"], row["role"]) for row in rows(store, "posting")]


@pytest.mark.parametrize(
    ("duty", "unit", "post", "role"),
    [
        ("松林镇党委书记", "001.001.002", "党委书记", "secretary"),
        ("甲县松林镇镇长", "001.001.002", "镇长", "chief"),
        ("在甲县松林镇任副镇长", "001.001.002", "副镇长", "deputy"),
        ("甲县县委书记", "001.001.001", "书记", "secretary"),
        ("中共甲县委常委、组织部部长", "001.001.001", "常委、组织部部长", "member"),
        ("甲县县委组织部部长", "001.001.004", "部长", "chief"),
        ("示例市发展局投资科副科长", "001.002", "投资科副科长", "division_deputy"),
        ("市发展局办公室主任", "001.002", "办公室主任", "division_head"),
        ("乙县桐山镇党委委员、纪委书记", "001.003.001", "党委委员、纪委书记", "member"),
        ("示例市乙县桐山镇党委副书记", "001.003.001", "党委副书记", "deputy"),
        ("中国共产党甲县县委副书记", "001.001.001", "副书记", "deputy"),
        ("甲县松林镇人民政府镇长", "001.001.006", "镇长", "chief"),
        ("松林镇四级主任科员", "001.001.002", "四级主任科员", "other"),
    ],
)
def test_a_unit_is_known_by_its_full_name_and_a_role_by_its_title(
    store: Store, tmp_path: Path, duty: str, unit: str, post: str, role: str
) -> None:
    assert posted(store, tmp_path, duty) == [(unit, post, role)]


def test_two_units_in_one_period_are_two_postings_the_first_primary(store: Store, tmp_path: Path) -> None:
    assert posted(store, tmp_path, "甲县委常委，松林镇党委书记、二级调研员") == [
        ("001.001.001", "常委", "member"), ("001.001.002", "党委书记", "secretary")
    ]  # fmt: skip
    assert [(row["primary"], row["rank"]) for row in rows(store, "posting")] == [(True, None), (False, "二级调研员")]


@pytest.mark.parametrize(
    ("duty", "told"),
    [
        ("外省某县松林镇镇长", "No unit in the list"),
        ("桐山镇镇长", "More than one unit"),
        ("甲县某局局长", "Only 甲县 was recognised"),
        ("甲县某局预算科科长", "Only 甲县 was recognised"),
        ("松林镇大能人", "what role the title has was not"),
    ],
)
def test_a_post_in_doubt_is_told_with_its_line_and_does_not_land(
    store: Store, tmp_path: Path, duty: str, told: str
) -> None:
    report = taken(store, tmp_path, person(JianLi=f"2005.09--2010.03  {duty}"))
    assert counts(report)["posting"] == (1, 0, 1)
    (found,) = [each for each in report.findings if each.sheet == "简历"]
    assert told in found.problem_en
    assert (found.file, found.row, found.value) == ("forms/0.lrmx", 1, f"2005.09--2010.03 {duty}")


def test_a_second_post_elsewhere_is_told_beside_the_one_that_lands(store: Store, tmp_path: Path) -> None:
    report = taken(store, tmp_path, person(JianLi="2005.09--2010.03  松林镇镇长，外省某厅副处长"))
    assert counts(report)["posting"] == (2, 1, 1)


def test_a_period_that_runs_backwards_or_has_no_month_is_told_by_the_contract(store: Store, tmp_path: Path) -> None:
    report = taken(store, tmp_path, person(JianLi="2010.03--2005.09 松林镇镇长\n2011--2012 松林镇镇长"))
    assert counts(report)["posting"] == (2, 0, 2)
    assert {(found.row, found.file) for found in report.findings} == {(1, "forms/0.lrmx"), (2, "forms/0.lrmx")}


def test_a_grade_that_is_none_and_a_year_said_twice_are_told(store: Store, tmp_path: Path) -> None:
    report = taken(
        store, tmp_path, person(NianDuKaoHeJieGuo="2018年度考核合格；2019年度考核优秀；2019年度考核称职；连续优秀")
    )
    assert counts(report)["assessment"] == (4, 1, 3)
    assert [found.row for found in report.findings if found.sheet == "年度考核"] == [1, 3, 4]


def test_roles_are_own_knowledge_until_confirmed() -> None:
    assert tomllib.loads(matching.MAP.read_text(encoding="utf-8"))["confirmed"] == "待组织部门确认"
    assert set(matching.Titles.load().roles) == {
        choice.key for choice in contract.load("posting").column("role").choices
    }


# One file, many, a folder, an archive


def test_one_file_many_files_a_folder_and_an_archive_land_the_same(tmp_path: Path) -> None:
    files = {f"{at}.lrmx": forms.lrmx(person(ShenFenZheng=id_number(serial=f"{at:03d}"))) for at in range(1, 8, 2)}
    held = tmp_path / "held"
    (held / "deeper").mkdir(parents=True)
    for at, (name, content) in enumerate(files.items()):
        (held / "deeper" / name if at % 2 else held / name).write_bytes(content)
    archive = forms.zipped(tmp_path / "a.zip", {f"内/{name}": content for name, content in files.items()})
    many = sorted(held.rglob("*.lrmx"))
    reports = [examine(given, store=Store(tmp_path)) for given in ([held], [archive], many, [archive, held])]
    alone = examine(many[:1], store=Store(tmp_path))
    assert [counts(report)["member"] for report in (*reports, alone)] == [
        (4, 4, 0), (4, 4, 0), (4, 4, 0), (8, 4, 4), (1, 1, 0)
    ]  # fmt: skip


def test_a_folder_gives_up_its_tables_and_tells_of_its_photos(tmp_path: Path) -> None:
    held = folder(tmp_path, a=forms.lrmx(person()))
    (held / "units.csv").write_text(forms.UNITS, encoding="utf-8")
    for name in ("a.pic", "b.pic", "note.docx", ".DS_Store", "~$a.lrmx"):
        (held / name).write_bytes(b"x")
    report = land(Store(tmp_path / "store"), [held])
    assert counts(report) == {"unit": (11, 11, 0), "member": (1, 1, 0), "posting": (6, 4, 2), "assessment": (3, 3, 0)}
    assert [found.value for found in report.findings if found.file == "forms"] == [
        ".docx: 1 (forms/note.docx …)", ".pic: 2 (forms/a.pic …)"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["../a.lrmx", "/a.lrmx", "x/../../a.lrmx", "..\\a.lrmx", "C:/a.lrmx"])
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    archive = forms.zipped(tmp_path / "a.zip", {name: forms.lrmx(person())})
    report = examine([archive], store=Store(tmp_path / "store"))
    assert counts(report)["member"] == (1, 0, 1)
    assert bundle.LEAVES_ARCHIVE.problem_en in problems(report)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["a.zip"]


def test_what_unpacks_to_far_more_than_it_was_is_refused_unread(tmp_path: Path) -> None:
    archive = forms.zipped(tmp_path / "a.zip", {"a.lrmx": b" " * 10**7, "b.lrmx": forms.lrmx(person())})
    report = examine([archive], store=Store(tmp_path / "store"))
    assert counts(report)["member"] == (2, 1, 1)
    assert bundle.TOO_DENSE.problem_en in problems(report)


def test_an_archive_of_too_much_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = forms.zipped(tmp_path / "a.zip", {f"{at}.lrmx": forms.lrmx(person()) for at in range(3)})
    for limit, most in (("MOST_FILES", 2), ("MOST_UNPACKED", 100)):
        with monkeypatch.context() as lower:
            lower.setattr(bundle, limit, most)
            with pytest.raises(ReadingError, match="send it in parts"):
                examine([archive], store=Store(tmp_path / "store"))


def test_a_damaged_member_is_one_file_less_and_a_damaged_archive_a_sentence(tmp_path: Path) -> None:
    whole = forms.packed(
        {"a.lrmx": forms.lrmx(person()), "b.lrmx": forms.lrmx(person(ShenFenZheng=id_number(serial="003")))}
    )
    archive = tmp_path / "a.zip"
    archive.write_bytes(whole[:60] + b"\xff\xff\xff" + whole[63:])
    assert counts(examine([archive], store=Store(tmp_path)))["member"] == (2, 1, 1)
    archive.write_bytes(whole[:100])
    with pytest.raises(ReadingError, match=r"a\.zip cannot be read as a zip archive"):
        examine([archive], store=Store(tmp_path))


def test_the_gbk_names_of_an_archive_are_read_as_they_were_meant(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("??.lrmx", b"<Person>")
    archive.write_bytes(archive.read_bytes().replace(b"??.lrmx", "甲".encode("gbk") + b".lrmx"))
    report = examine([archive], store=Store(tmp_path))
    assert [found.file for found in report.findings] == ["a.zip/甲.lrmx"]


@pytest.mark.parametrize("name", ["a.zip", "empty"])
def test_where_there_is_no_form_a_sentence_says_so(tmp_path: Path, name: str) -> None:
    forms.zipped(tmp_path / "a.zip", {"a.txt": b"x"})
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadingError, match="holds no personnel file"):
        examine([tmp_path / name], store=Store(tmp_path))


def test_the_command_line_takes_a_folder(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = folder(tmp_path, a=forms.lrmx(person()))
    found = tmp_path / "found.csv"
    assert main(["check", str(held), "--store", str(store.root), "--findings", str(found)]) == 1
    assert "posting  forms/简历  6 rows in = 4 landed + 2 rejected" in capsys.readouterr().out
    assert len(list(csv.reader(io.StringIO(found.read_text(encoding="utf-8-sig"))))) == 3
    assert main(["land", str(held), "--store", str(store.root)]) == 0
    assert "Batch 0002 landed; its data month is 2010-03." in capsys.readouterr().out
