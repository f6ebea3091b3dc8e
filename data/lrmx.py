"""Personnel files (任免审批表), .lrmx and the older .lrm: what sources ask for; the rest is passed over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.parsers import expat

from data.cell import Problem

LRMX, LRM = ".lrmx", ".lrm"
MOST_BYTES = 16_000_000
MOST_TEXT = 100_000
"""Characters of all kept fields together; no form holds a twentieth of it."""
DEEPEST = 16
MOST_NOTES = 200
ROOT = "person"

PRIVATE = ("ZhaoPian", "JiaTing", "JianKang", "Item", "ChengWei", "ChuShengRiQi", "GongZuoDanWeiJiZhiWu")
"""How the tags of photo, family and health begin, wherever they stand; they are passed over while the file is read."""
UNASKED = (
    *("MinZu", "JiGuan", "ChuShengDi", "ZhuanYeJiShuZhiWu", "ShuXiZhuanYeYouHeZhuanChang"),
    *(
        f"{kind}_{what}"
        for kind in ("QuanRiZhiJiaoYu", "ZaiZhiJiaoYu")
        for what in ("XueLi", "XueWei", "XueLi_BiYeYuanXiaoXi", "XueWei_BiYeYuanXiaoXi")
    ),
    *("XianRenZhiWu", "NiRenZhiWu", "NiMianZhiWu", "JiangChengQingKuang", "RenMianLiYou", "ChengBaoDanWei"),
    *("TianBiaoRen", "Version"),
)
"""The fields of the form that no source has a column for; they are passed over too."""
KEPT = (
    "XingMing",
    "XingBie",
    "ChuShengNianYue",
    "RuDangShiJian",
    "ZhengZhiMianMao",
    "CanJiaGongZuoShiJian",
    "DaoLingNianYue",
    "JianLi",
    "NianDuKaoHeJieGuo",
    "GaiGeQianRenZhiNianLingJieXian",
    "ShenFenZheng",
    "JiSuanNianLingShiJian",
    "TianBiaoShiJian",
)
_NAMES = {name.casefold(): name for name in KEPT}
_PRIVATE = tuple(name.casefold() for name in PRIVATE)
_UNASKED = frozenset(name.casefold() for name in UNASKED)
_LRM_KEPT = {
    0: "XingMing",
    1: "XingBie",
    2: "ChuShengNianYue",
    5: "RuDangShiJian",
    8: "CanJiaGongZuoShiJian",
    17: "JianLi",
    19: "NianDuKaoHeJieGuo",
    30: "JiSuanNianLingShiJian",
    32: "TianBiaoShiJian",
}
_LRM_PRIVATE = (6, *range(20, 25))
_LRM_UNASKED = (3, 4, 7, 9, 10, 11, 16, 18, *range(25, 30), 31)
_LRM_KNOWN = frozenset({*_LRM_KEPT, *_LRM_PRIVATE, *_LRM_UNASKED})
_LRM_FEWEST = 20
"""Fields up to and with the assessments; a shorter record is cut off."""

UNKNOWN_TAG = Problem(
    "This tag is not in the form; what it says stands here and was not read.",
    "任免审批表中没有此项；内容列于此处，未导入。",
    "Nothing is to be done, unless it should be read.",
    "如无需导入，不必处理。",
)
REPEATED_TAG = Problem(
    "The tag stands in the file more than once; this later content was not read.",
    "此项在文件中重复出现；后一处内容未导入。",
    "Open the form, keep the right one and save it again.",
    "请打开任免审批表，保留正确内容后重新保存。",
)
NESTED_TAG = Problem(
    "A tag stands inside a field of the form; its text was read as part of the field.",
    "表项内嵌有其他标签；其文字已并入该项。",
    "Look whether the field reads well.",
    "请核对该项内容。",
)
UNKNOWN_PLACE = Problem(
    "The record has a field that the form does not have; what it says stands here and was not read.",
    "记录中有任免审批表没有的字段；内容列于此处，未导入。",
    "Nothing is to be done, unless it should be read.",
    "如无需导入，不必处理。",
)


class PersonnelFileError(ValueError):
    """A file that is no personnel file, with the problem as a finding tells it."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem to whoever writes the finding."""
        super().__init__(f"{problem.problem_en} {problem.mend_en} {problem.problem_zh} {problem.mend_zh}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a file that is not in the form, or stands where it should not."""

    tag: str
    value: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class PersonFile:
    """What one file says: text by tag of the .lrmx form, those of KEPT, and whatever stood in it that no form has."""

    fields: Mapping[str, str] = field(repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)

    def says(self, tag: str) -> str:
        """The text of a tag without outer spaces; empty where the file has none."""
        return self.fields.get(tag, "").strip()


def read(content: bytes, ending: str) -> PersonFile:
    """The record of a file that ends in .lrmx or .lrm, in any case; PersonnelFileError where it holds none."""
    if len(content) > MOST_BYTES:
        raise PersonnelFileError(_too_large())
    # Either kind is also met under the other's ending; the first sign tells them apart.
    text = _decoded(content).lstrip("\ufeff \t\r\n\0")
    if ending.casefold() == LRM and not text.startswith("<"):
        return _legacy(text)
    return _xml(text)


def _decoded(content: bytes) -> str:
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PersonnelFileError(_no_text())


def _encodings(content: bytes) -> tuple[str, ...]:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return ("utf-16",) if marked else ("utf-8-sig", "gb18030")


class _Reader:
    """Collects the fields while expat walks the file; what is passed over is never held."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.notes: list[Note] = []
        self.depth = 0
        self.length = 0
        self.tag = ""
        self.passing = False
        self.texts: list[str] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.declaration

    def declaration(self, *_: object) -> None:
        """No form declares a document type; without one there is no entity to expand or to fetch."""
        raise PersonnelFileError(_declares())

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.depth += 1
        if self.depth > DEEPEST:
            raise PersonnelFileError(_too_deep())
        if self.depth == 1 and name.casefold() != ROOT:
            raise PersonnelFileError(_no_form(name))
        if self.depth == 2:  # noqa: PLR2004 - a field stands right under the root
            self._stray()
            self.tag = _NAMES.get(name.casefold(), name)
            self.passing = name.casefold().startswith(_PRIVATE) or name.casefold() in _UNASKED
            if self.passing:
                self.parser.CharacterDataHandler = None
        elif self.depth > 2 and not self.passing:  # noqa: PLR2004
            self.texts.append("\n")
            if self.tag in KEPT:
                self._note(f"{self.tag}/{name}", "", NESTED_TAG)
        if not self.passing:
            for key, value in attributes.items():
                if not key.startswith("xmlns"):
                    self._note(f"{name}@{key}", value, UNKNOWN_TAG)

    def end(self, _: str) -> None:
        self.depth -= 1
        if self.depth == 0:
            self._stray()
        if self.depth != 1:
            return
        if self.passing:
            self.parser.CharacterDataHandler = self.text
        else:
            self._keep("".join(self.texts))
        self.tag, self.texts, self.passing = "", [], False

    def text(self, piece: str) -> None:
        self.length += len(piece)
        if self.length > MOST_TEXT:
            raise PersonnelFileError(_too_large())
        self.texts.append(piece)

    def _keep(self, text: str) -> None:
        if self.tag not in KEPT:
            self._note(self.tag, text.strip(), UNKNOWN_TAG)
        elif not self.fields.get(self.tag, "").strip():
            self.fields[self.tag] = text
        elif text.strip() not in {"", self.fields[self.tag].strip()}:
            self._note(self.tag, text.strip(), REPEATED_TAG)

    def _stray(self) -> None:
        if stray := "".join(self.texts).strip():
            self._note("Person", stray, UNKNOWN_TAG)
        self.texts = []

    def _note(self, tag: str, value: str, problem: Problem) -> None:
        if len(self.notes) >= MOST_NOTES:
            raise PersonnelFileError(_too_large())
        self.notes.append(Note(tag, value, problem))


def _xml(text: str) -> PersonFile:
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode(errors="replace"), True)  # noqa: FBT003 - expat takes it by place
    except expat.ExpatError as error:
        raise PersonnelFileError(_broken(error.lineno)) from error
    return PersonFile(MappingProxyType(reader.fields), tuple(reader.notes))


def _legacy(text: str) -> PersonFile:
    record = text.strip().strip("\0\x1a").strip()
    if not record.startswith('"'):
        raise PersonnelFileError(_no_record())
    places = record.removeprefix('"').removesuffix('"').split('","')
    if len(places) < _LRM_FEWEST:
        raise PersonnelFileError(_cut_off(len(places)))
    fields = {tag: places[place] for place, tag in _LRM_KEPT.items() if place < len(places)}
    if sum(map(len, fields.values())) > MOST_TEXT:
        raise PersonnelFileError(_too_large())
    return PersonFile(MappingProxyType(fields), tuple(_unknown_places(places)))


def _unknown_places(places: list[str]) -> Iterator[Note]:
    for place, value in enumerate(places[:MOST_NOTES]):
        if place not in _LRM_KNOWN and value.strip():
            yield Note(f"({place + 1})", value.strip(), UNKNOWN_PLACE)


def _problem(en: str, zh: str) -> Problem:
    return Problem(
        en,
        zh,
        "Open the form in its own program, save it again and send it anew.",
        "请用任免审批表编辑器打开后重新保存，再次报送。",
    )


def _too_large() -> Problem:
    return _problem(
        f"The file is larger than a form can be (over {MOST_BYTES // 1_000_000} MB, or far too much text).",
        f"文件过大（超过{MOST_BYTES // 1_000_000} MB，或文字过多），不可能是任免审批表。",
    )


def _no_text() -> Problem:
    return _problem("The file is neither UTF-8 nor GB18030 text.", "文件编码既不是UTF-8也不是GB18030。")


def _declares() -> Problem:
    return _problem(
        "The file declares a document type (DOCTYPE), which no form does.", "文件含有文档类型声明（DOCTYPE），未读取。"
    )


def _too_deep() -> Problem:
    return _problem(f"Tags are nested more than {DEEPEST} deep.", f"标签嵌套超过{DEEPEST}层。")


def _no_form(root: str) -> Problem:
    return _problem(
        f"The file begins with <{root[:40]}>; a form begins with <Person>.",
        f"文件以<{root[:40]}>开头；任免审批表应以<Person>开头。",
    )


def _broken(line: int) -> Problem:
    return _problem(
        f"The file is no whole XML document, seen at line {line}.", f"文件不是完整的XML文档，问题见第{line}行。"
    )


def _no_record() -> Problem:
    return _problem("The file does not begin with a quoted field.", "文件不是以引号字段开头的.lrm记录。")


def _cut_off(places: int) -> Problem:
    return _problem(
        f"The record has {places} fields and is cut off; a form has at least {_LRM_FEWEST}.",
        f"记录只有{places}个字段，不完整；任免审批表至少有{_LRM_FEWEST}个字段。",
    )
