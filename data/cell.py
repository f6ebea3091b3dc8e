"""What one written cell means: a reader for each column type, from text to the stored value."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from data import contract
from data import month as months
from data.contract import Column

Value = str | int | bool | Decimal
Reader = Callable[[str], Value | None]

EXCEL_EPOCH = dt.date(1899, 12, 30)
INT32 = 2**31
DECIMALS = 4
YES = frozenset({"yes", "y", "true", "t", "1", "是", "√", "✓"})
NO = frozenset({"no", "n", "false", "f", "0", "否", "×", "✗"})
STILL = frozenset({"至今", "今", "present", "now"})

EXACT_DIGITS = 15
"""The digits of a number that a workbook keeps."""

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}.*$")
_TRAILING_ZEROS = re.compile(r"^([+-]?\d+)\.0+$")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_SERIAL_AS_TEXT = re.compile(r"^\d{5}$")
_AMBIGUOUS = re.compile(r"^\d{4}\.1$")
_FAILED = re.compile(r"^#(?:N/A|REF!|DIV/0!|NAME\?|VALUE!|NULL!|NUM!|GETTING_DATA)$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})?(\d{2})?$")
_SPACED = re.compile(r"^(\d{4})\s*[-/.年]\s*(?:(\d{1,2})\s*(?:[-/.月]\s*(?:(\d{1,2})\s*日?)?)?)?$")
_INTEGER = re.compile(r"^[+-]?\d{1,10}$")
_DECIMAL = re.compile(r"^[+-]?\d{1,5}(?:\.\d+)?$")
_FRACTION = re.compile(r"^(\d{1,9}(?:\.\d{1,18})?)(%?)$|^(\d{1,9})\s*/\s*(\d{1,9})$")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell and how to mend it, in both languages."""

    problem_en: str
    problem_zh: str
    mend_en: str
    mend_zh: str


class CellError(ValueError):
    """A cell that says nothing its column can hold."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem to whoever writes the finding."""
        super().__init__(problem.problem_en)
        self.problem = problem


NO_DATE = Problem(
    "This is not a date.",
    "不是有效日期。",
    "Write it as 1978-05-03, 1978.05 or 197805.",
    "请写成1978-05-03、1978.05或197805。",
)
NO_MONTH_GIVEN = Problem(
    "The month is missing; the year alone is not enough here.",
    "缺少月份；此处不能只填年份。",
    "Write year and month, as 1978.05.",
    "请填写年和月，如1978.05。",
)
AMBIGUOUS_MONTH = Problem(
    "The number ends in .1: January and October (.10) look the same in a number cell.",
    "数字单元格以.1结尾：1月与10月（.10）无法区分。",
    "Format the column as text and write .01 or .10.",
    "请将该列设为文本格式，写成.01或.10。",
)
SERIAL_AS_TEXT = Problem(
    "Five digits written as text are not a date; only in a number cell do they count days.",
    "文本形式的五位数字不是日期；只有数字单元格中的五位数才是日期序列值。",
    "Write year and month, as 1978.05.",
    "请填写年和月，如1978.05。",
)
CODE_AS_NUMBER = Problem(
    "The code stands in a number cell, which loses zeros after the point and all digits after the fifteenth.",
    "编码存成了数字：小数点后的零和第15位以后的数字会丢失。",
    "Format the column as text and enter the code again.",
    "请将该列设为文本格式后重新填写编码。",
)
FORMULA_FAILED = Problem(
    "The formula of this cell has no result.",
    "此单元格的公式出错，没有结果。",
    "Mend the formula, or write its value.",
    "请更正公式，或直接填写数值。",
)
NO_INTEGER = Problem("This is not a whole number.", "不是整数。", "Write digits only, as 12.", "请只填写数字，如12。")
NO_DECIMAL = Problem(
    "This is not a number below 100,000.",
    "不是有效数值。",
    "Write digits and a point, as 92.35.",
    "请填写数字，如92.35。",
)
NO_FRACTION = Problem("This is not a fraction.", "不是比例。", "Write it as 20%, 0.2 or 1/5.", "请写成20%、0.2或1/5。")
NO_YESNO = Problem("This is neither yes nor no.", "既不是“是”也不是“否”。", "Write yes or no.", "请填写是或否。")


def reader(column: Column, *, numbers: bool = False) -> Reader:
    """How the cells of a column are read: text to stored value, None for an empty cell; raises CellError.

    `numbers` reads cells that a workbook stores as numbers, written in digits: there five digits are a day.
    """
    meaning = _number(column) if numbers else _meaning(column)

    def read(cell: str) -> Value | None:
        text = _INVISIBLE.sub("", cell).strip()
        if _FAILED.match(text):
            raise CellError(FORMULA_FAILED)
        value = meaning(text) if text else column.default
        return value if value is None else _bounded(value, column)

    return read


def narrow(text: str) -> str:
    """Full-width digits, letters and signs made narrow, outer spaces gone."""
    return unicodedata.normalize("NFKC", text).strip()


def date(text: str) -> int | None:
    """YYYYMMDD with zeros for the parts not given; None for "to the present"."""
    plain = _TRAILING_ZEROS.sub(r"\1", _TIME.sub("", narrow(text)))
    if plain.casefold() in STILL:
        return None
    if _SERIAL_AS_TEXT.match(plain):
        raise CellError(SERIAL_AS_TEXT)
    match = _COMPACT.match(plain) or _SPACED.match(plain)
    if not match:
        raise CellError(NO_DATE)
    return _calendar(*(int(part or 0) for part in match.groups()))


def month(text: str) -> int | None:
    """YYYYMM; the day is dropped and the month must be there."""
    day = _to_the_month(text)
    return day if day is None else months.of(day)


def integer(text: str) -> int:
    """A whole number that fits 32 bits; thousands commas and Excel's trailing .0 are understood."""
    plain = _TRAILING_ZEROS.sub(r"\1", narrow(text).replace(",", ""))
    if not _INTEGER.match(plain) or not -INT32 <= int(plain) < INT32:
        raise CellError(NO_INTEGER)
    return int(plain)


def decimal(text: str) -> Decimal:
    """A number of up to five digits before the point, rounded to the four that are kept after it."""
    plain = narrow(text).replace(",", "")
    if not _DECIMAL.match(plain):
        raise CellError(NO_DECIMAL)
    return round(Decimal(plain), DECIMALS)


def fraction(text: str) -> str:
    """A fraction in lowest terms: "20%", "0.2" and "1/5" are all "1/5"."""
    match = _FRACTION.match(narrow(text))
    if not match or (match[4] and not int(match[4])):
        raise CellError(NO_FRACTION)
    if match[3]:
        return str(Fraction(int(match[3]), int(match[4])))
    return str(Fraction(match[1]) / (100 if match[2] else 1))


def yesno(text: str) -> bool:
    """True or False from 是, 否, yes, no, 1, 0 and their like."""
    plain = _TRAILING_ZEROS.sub(r"\1", narrow(text)).casefold()
    if plain not in YES | NO:
        raise CellError(NO_YESNO)
    return plain in YES


def _meaning(column: Column) -> Reader:
    match column.type:
        case "choice":
            return _choice(column)
        case "choices":
            return _choices(column)
        case "date" if column.precision == "month":
            return _to_the_month
    return {
        "text": _words,
        "code": narrow,
        "date": date,
        "month": month,
        "integer": integer,
        "decimal": decimal,
        "fraction": fraction,
        "yesno": yesno,
    }[column.type]


def _number(column: Column) -> Reader:
    meaning = _meaning(column)
    match column.type:
        case "date" | "month":
            return lambda text: meaning(_dated(text))
        case "code":
            return _whole_code
    return meaning


def _dated(text: str) -> str:
    """The date of a number cell: a count of days written out, anything else as it is."""
    if _AMBIGUOUS.match(text):
        raise CellError(AMBIGUOUS_MONTH)
    days = _SERIAL.match(text)
    return str(EXCEL_EPOCH + dt.timedelta(days=int(float(text)))) if days else text


def _whole_code(text: str) -> str:
    if not text.isdecimal() or len(text) > EXACT_DIGITS:
        raise CellError(CODE_AS_NUMBER)
    return text


def _words(text: str) -> str:
    return " ".join(text.split())


def _to_the_month(text: str) -> int | None:
    day = date(text)
    if day is not None and not months.is_known(day):
        raise CellError(NO_MONTH_GIVEN)
    return day


def _calendar(year: int, month_: int, day: int) -> int:
    try:
        dt.date(year, month_ or 1, day or 1)
    except ValueError as error:
        raise CellError(NO_DATE) from error
    if day and not month_:
        raise CellError(NO_DATE)
    return year * 10_000 + month_ * 100 + day


def _choice(column: Column) -> Reader:
    keys = column.meanings
    unknown = _unknown_choice(column)

    def read(text: str) -> str:
        name = contract.fold(text)
        if name not in keys:
            name = _TRAILING_ZEROS.sub(r"\1", name)
        if name not in keys:
            raise CellError(unknown)
        return keys[name]

    return read


def _choices(column: Column) -> Reader:
    choice = _choice(column)
    return lambda text: "|".join(str(choice(part)) for part in narrow(text).split("|"))


def _unknown_choice(column: Column) -> Problem:
    return Problem(
        "This is none of the allowed values.",
        "不在允许的取值范围内。",
        f"Write one of: {', '.join(choice.en for choice in column.choices)}.",
        f"请填写下列之一：{'、'.join(choice.zh for choice in column.choices)}。",
    )


def _bounded(value: Value, column: Column) -> Value:
    low = value if column.min is None else column.min
    high = value if column.max is None else column.max
    if isinstance(value, int | Decimal) and not Decimal(low) <= value <= Decimal(high):
        raise CellError(_out_of_bounds(column))
    return value


def _out_of_bounds(column: Column) -> Problem:
    write = months.dotted if column.type in {"date", "month"} else str
    low, high = ("…" if bound is None else write(bound) for bound in (column.min, column.max))
    return Problem(
        f"The value lies outside {low} to {high}.",
        f"超出范围 {low} 至 {high}。",
        "Correct the value, or ask for the bound in the contract to be changed.",
        "请更正；如取值无误，请调整数据约定中的范围。",
    )
