"""Foreign layouts: a map says, for each source, which file feeds it and how its columns are put together."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data import contract, layout, sealing
from data.checking import Cells
from data.contract import Contract
from data.reading import ReadingError, Sheet

ANY_OTHER = "*"
_SOURCES = ", ".join(f"[[{source}]]" for source in contract.SOURCES)
_FIELD = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Block:
    """How one file feeds one source.

    `templates` holds, for each contract column, text with foreign headings in braces: "{chamber}.{region}"; "{a|b}" is
    the first of the two that is not empty; text without braces is a constant. `values` translates what comes out, "*"
    standing for any other. `distinct` lands each different row once. A `file` of "*" is any file; `sheet_headings` are
    all headings of the sheets that the block was kept for.
    """

    map: str
    source: str
    file: str
    distinct: bool
    templates: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    sheet_headings: tuple[str, ...] = ()

    @property
    def contract(self) -> Contract:
        """The contract this block fills."""
        return contract.load(self.source)

    @property
    def fields(self) -> tuple[str, ...]:
        """Every foreign heading that the templates name."""
        written = (field for template in self.templates.values() for field in _FIELD.findall(template))
        return tuple(dict.fromkeys(name for field in written for name in field.split("|")))

    @property
    def alone(self) -> dict[str, str]:
        """The foreign heading of each column that is handed on unchanged."""
        found = ((name, _FIELD.fullmatch(template)) for name, template in self.templates.items())
        return {name: field[1] for name, field in found if field}

    @property
    def headings(self) -> dict[str, str]:
        """What the foreign file calls each column; a constant goes by the name of the column itself."""
        return {name: " ".join(_FIELD.findall(template)) or name for name, template in self.templates.items()}


def load(path: Path) -> tuple[Block, ...]:
    """The blocks of a map, in its order of sources; ReadingError where it cannot be used."""
    try:
        return parse(sealing.read_text(path), path.name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, sealing.SealError) as error:
        message = f"The map {path} cannot be read: {error}. 列名对照{path.name}无法读取，请更正或删除。"
        raise ReadingError(message) from error


def parse(text: str, name: str) -> tuple[Block, ...]:
    """The blocks of a map called `name`; ReadingError where it says nothing sound, ValueError where it is no TOML."""
    given = tomllib.loads(text)
    listed = ((source, blocks if isinstance(blocks, list) else [blocks]) for source, blocks in given.items())
    return tuple(_block(name, source, block) for source, blocks in listed for block in blocks)


def applies(block: Block, sheet: Sheet) -> bool:
    """Whether a block is meant for the file of this sheet."""
    return block.file.casefold() in (ANY_OTHER, sheet.file.casefold())


def translate(block: Block, sheet: Sheet) -> Cells:
    """The cells of a block's source, written by its templates; ReadingError where a heading is not in the sheet."""
    heading = _heading(block, sheet)
    body = sheet.body(heading)
    foreign = _foreign(sheet, heading, pa.array(body))
    text = pa.table({name: _written(block, name, foreign, len(body)) for name in block.templates})
    numeric = _numeric(block, sheet, heading, body)
    if block.distinct:
        first = ~text.to_pandas().duplicated().to_numpy()
        text, body = text.filter(pa.array(first)), body[first]
        numeric = {name: mask[first] for name, mask in numeric.items()}
    rows = (body + 1).astype(np.int32)
    return Cells(sheet.file, sheet.sheet, block.contract, text, rows, heading + 1, block.headings, numeric)


def _block(name: str, source: str, given: object) -> Block:
    known = _columns(source, corrects=isinstance(given, dict) and "headings" in given)
    if not known or not isinstance(given, dict) or not isinstance(given.get("file"), str):
        message = (
            f'{name}: [[{source}]] is no block; a block is one of {_SOURCES} and says file = "…".'
            f" 列名对照{name}中的[[{source}]]有误，应为所列数据表之一，并写明 file。"
        )
        raise ReadingError(message)
    templates = {key: value for key, value in given.items() if key not in {"file", "distinct", "values", "headings"}}
    if source in contract.SOURCES and contract.load(source).closed:
        message = (
            f"{name}: {source} takes no map, since a foreign file may hold more than may be kept."
            f" {source}不得使用列名对照，以免收入不应保留的内容。"
        )
        raise ReadingError(message)
    for key, value in templates.items():
        if key not in known or not isinstance(value, str):
            message = (
                f"{name}: [[{source}]] has {key} = {value!r}; give a text to one of {', '.join(known)}."
                f" 列名对照{name}中的“{key}”不是[[{source}]]的列，或其取值不是文字。"
            )
            raise ReadingError(message)
    values, headings = given.get("values", {}), tuple(given.get("headings", ()))
    return Block(name, source, given["file"], bool(given.get("distinct")), templates, values, headings)


def _columns(source: str, *, corrects: bool) -> Sequence[str]:
    """What a block can give a text to: the columns of a source; where it corrects headings, also a layout's fields."""
    if source in contract.SOURCES:
        return [column.name for column in contract.load(source).columns]
    layouts = layout.layouts() if corrects else ()
    return next((sorted(set(each.headings.values())) for each in layouts if each.name == source and each.fills), ())


def _heading(block: Block, sheet: Sheet) -> int:
    head = sheet.head()
    place = max(range(len(head)), key=lambda row: (len(set(block.fields) & set(head[row])), -row))
    missing = [field for field in block.fields if field not in head[place]]
    if missing:
        message = (
            f"{block.map}, [[{block.source}]]: {sheet.file} has no heading {missing[0]!r}; "
            f"it has {', '.join(filter(None, head[place]))}. 文件中没有列名“{missing[0]}”，请更正列名对照。"
        )
        raise ReadingError(message)
    return place


def _foreign(sheet: Sheet, heading: int, body: pa.Array) -> dict[str, pa.Array]:
    columns = zip(sheet.row(heading), sheet.columns, strict=True)
    return {name: pc.utf8_trim_whitespace(column.take(body)).fill_null("") for name, column in columns}


def _numeric(block: Block, sheet: Sheet, heading: int, body: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
    """Where the cell that a template hands on unchanged is a number."""
    numbers = dict(zip(sheet.row(heading), sheet.numeric, strict=False))
    return {name: numbers[field][body] for name, field in block.alone.items() if field in numbers}


def _written(block: Block, name: str, foreign: Mapping[str, pa.Array], height: int) -> pa.Array:
    parts = _FIELD.split(block.templates[name])
    literals, fields = parts[::2], [_first_given([foreign[key] for key in field.split("|")]) for field in parts[1::2]]
    constants = [pa.array([literal] * height, pa.string()) for literal in literals]
    woven = [part for pair in zip(constants, fields, strict=False) for part in pair]
    text = pc.binary_join_element_wise(*woven, constants[-1], "")
    if fields:
        text = pc.if_else(_all_empty(fields), "", text)
    return _translated(_one_spaced(text), block.values.get(name))


def _first_given(columns: Sequence[pa.Array]) -> pa.Array:
    given = [pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column) for column in columns]
    return pc.coalesce(*given, "")


def _all_empty(fields: Sequence[pa.Array]) -> pa.Array:
    return pc.equal(pc.binary_join_element_wise(*fields, ""), "")


def _one_spaced(text: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"\s+", " "))


def _translated(text: pa.Array, values: Mapping[str, str] | None) -> pa.Array:
    if values is None:
        return text
    distinct = text.dictionary_encode()
    meanings = [_meaning(written, values) for written in distinct.dictionary.to_pylist()]
    return pa.array(meanings, pa.string()).take(distinct.indices)


def _meaning(written: str, values: Mapping[str, str]) -> str:
    other = values.get(ANY_OTHER, written) if written else written
    return values.get(written, other)
