"""Promises of personnel files whatever stands in them: a record or one sentence, no hang, no line unaccounted for."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import bundle, lrmx, personnel, resume
from data.landing import examine
from data.lrmx import PersonnelFileError
from data.reading import ReadingError
from data.store import Store
from tests import forms

CHANGES = 1_500
LONGEST = 5.0
"""Seconds that one file may take on a machine that is busy with others; it takes a thousandth of that."""
KEY = b"k" * 32
WHOLE = {".lrmx": forms.lrmx(forms.person()), ".lrm": forms.lrm(forms.person())}
SCRAPS = (
    b"<",
    b">",
    b"&",
    b"&#0;",
    b"<!DOCTYPE",
    b"<![CDATA[",
    b"]]>",
    b"--",
    b'","',
    b"\x00",
    b"\xff\xfe",
    b"\x81",
    b"<Person>",
)


def cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def flipped(content: bytes, draw: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(draw.randrange(1, 20)):
        made[draw.randrange(len(made))] = draw.randrange(256)
    return bytes(made)


def stuffed(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + draw.choice(SCRAPS) * draw.randrange(1, 50) + content[at:]


def shuffled(content: bytes, draw: random.Random) -> bytes:
    one, two = sorted(draw.randrange(len(content)) for _ in range(2))
    return content[two:] + content[one:two] + content[:one]


@pytest.mark.parametrize("ending", WHOLE)
@pytest.mark.parametrize("change", [cut, flipped, stuffed, shuffled])
def test_changed_bytes_give_a_record_or_a_sentence(
    ending: str, change: Callable[[bytes, random.Random], bytes]
) -> None:
    draw = random.Random(20261)  # noqa: S311 - the same changes in every run
    for _ in range(CHANGES // 4):
        content, begun = change(WHOLE[ending], draw), time.perf_counter()
        try:
            said = lrmx.read(content, ending)
            resume.spells(said.says("JianLi"))
            resume.assessments(said.says("NianDuKaoHeJieGuo"))
        except PersonnelFileError as error:
            assert error.problem.mend_en  # noqa: PT017 - that it is raised is no promise, that it tells how to mend is
        assert time.perf_counter() - begun < LONGEST


@given(st.binary(max_size=300), st.sampled_from([".lrmx", ".lrm"]))
def test_any_bytes_give_a_record_or_a_sentence(content: bytes, ending: str) -> None:
    try:
        lrmx.read(content, ending)
    except PersonnelFileError as error:
        assert error.problem.problem_zh  # noqa: PT017


@pytest.mark.parametrize(
    "scrap",
    [
        " ",
        "（",
        "其间",
        "2005.09--",
        "2018",
        "、",
        "在",
        "2005.09--2010.03 甲（",
        "；",
        "记三等功",
        "\n",
        "甲",
        "优秀，",
    ],
)
def test_no_text_however_repeated_takes_long(scrap: str) -> None:
    long = scrap * (lrmx.MOST_TEXT // len(scrap))
    begun = time.perf_counter()
    resume.spells(long)
    resume.spells(f"2005.09--2010.03 {long}")
    resume.assessments(long)
    resume.assessments(f"2018年{long}")
    assert time.perf_counter() - begun < LONGEST


WORDS = st.sampled_from(
    [
        "2005.09--2010.03 ",
        "2010.03--",
        "甲县",
        "松林镇",
        "桐山镇",
        "镇长",
        "党委书记",
        "、",
        "，",
        "（其间：",
        "）",
        "；",
        "挂职任",
        "学习",
        "\n",
        "\n    ",
    ]
)
YEARS = st.sampled_from(["2018", "、", "年度考核", "优秀", "称职", "；", "合格", "—", "记三等功", "无"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "XingMing": st.sampled_from(["赵样甲", "钱样乙", ""]),
                "XingBie": st.sampled_from(["男", "女", "?", ""]),
                "ChuShengNianYue": st.sampled_from(["197805", "1978年5月", "1978", "x", ""]),
                "CanJiaGongZuoShiJian": st.sampled_from(["200007", "200107", ""]),
                "ShenFenZheng": st.sampled_from([forms.id_number(), forms.id_number(serial="003"), "1" * 18, ""]),
                "JianLi": st.lists(WORDS, max_size=12).map("".join),
                "NianDuKaoHeJieGuo": st.lists(YEARS, max_size=8).map("".join),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_line_of_every_file_lands_or_is_told(people: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as made:
        held = Path(made) / "held"
        held.mkdir()
        (held / "units.csv").write_text(forms.UNITS, encoding="utf-8")
        for at, said in enumerate(people):
            (held / f"{at}.lrmx").write_bytes(forms.lrmx(forms.person(**said)))
        report = examine([held], store=Store(Path(made) / "store"))
    _, member, posting, assessment = report.counts
    assert member.rows_in == len(people)
    expected = [max(len(resume.spells(said["JianLi"])), 0) for said in people]
    assert posting.rows_in >= sum(expected)
    assert assessment.rows_in == sum(len(resume.assessments(said["NianDuKaoHeJieGuo"])) for said in people)
    told = Counter(finding.sheet for finding in report.findings)
    for count in (member, posting, assessment):
        assert told[count.sheet] >= count.rejected


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_as_an_archive_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    whole = forms.packed({"a.lrmx": WHOLE[".lrmx"][:200], "b.lrm": WHOLE[".lrm"][:200]})
    for given_bytes in (content, whole[: len(content)] + content + whole[2 * len(content) :]):
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "a.zip"
            path.write_bytes(given_bytes)
            try:
                forms_read = personnel.forms(bundle.sort([path]), KEY, {})
            except ReadingError as error:
                assert "a.zip" in str(error)  # noqa: PT017
            else:
                assert [form.row.problem for form in forms_read if form.row.problem is None] == []
