"""The cells of the synthetic rows: numpy arrays become the typed columns of a contract."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data import contract
from data.month import MONTHS_A_YEAR as YEAR
from data.sample.ladder import Bools, Ints


def date(month: Ints, of_month: Ints | int) -> Ints:
    """YYYYMMDD of months counted from year 0 and days of the month, 0 where unknown."""
    return month // YEAR * 10_000 + (month % YEAR + 1) * 100 + of_month


def day(person: Ints, month: Ints) -> Ints:
    """The day that is known of a move: the same for the post left and the post taken, none for four in five."""
    return np.where((person + month) % 5 == 0, (person * 7 + month * 13) % 28 + 1, 0)


def table(source: str, columns: dict[str, Any]) -> pa.Table:
    """The rows of a source; a column that is not given is empty."""
    schema = contract.load(source).arrow_schema
    rows = len(next(iter(columns.values())))
    return pa.table({name: columns.get(name, pa.nulls(rows)) for name in schema.names}, schema=schema)


def ids(person: Ints, known: int) -> pa.Array:
    """The codes of people by their number in the city; `known` people came before it."""
    digits = pc.utf8_lpad(pc.cast(pa.array(person + known + 1), pa.string()), 7, "0")
    return pc.binary_join_element_wise("P", digits, "")


def words(places: npt.NDArray[Any], words: Sequence[str], null: Bools | None = None) -> pa.Array:
    """The words at these places, as strings."""
    codes = pa.array(places.astype(np.int32), mask=null)
    return pa.DictionaryArray.from_arrays(codes, pa.array(words)).cast(pa.string())


def ints(values: Ints, null: Bools | None = None) -> pa.Array:
    """Whole numbers as they are stored."""
    return pa.array(values, mask=null).cast(pa.int32())


def decimals(values: npt.NDArray[np.float64]) -> pa.Array:
    """Numbers to the places that are kept after the point; NaN is an empty cell."""
    return pa.array(values, mask=np.isnan(values)).cast(contract.ARROW["decimal"])
