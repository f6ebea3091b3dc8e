"""The rows of an answer come as pandas holds them, each kind of column as it is, whatever its cells lack."""

import duckdb
import pandas as pd
import pytest

from queries import frames


def fetched(sql: str) -> pd.DataFrame:
    """The rows of a statement on nothing."""
    with duckdb.connect() as connection:
        return frames.fetched(connection.execute(sql))


KINDS = "values (1, 'a', true, 0.5::double, null::varchar), (2, '中', false, 1.5, null)"


def test_every_kind_of_column_is_held_as_it_is() -> None:
    table = fetched(f"select * from ({KINDS}) as given (number, text, flag, measure, nothing)")
    assert [str(kind) for kind in table.dtypes] == ["int32", "str", "bool", "float64", "str"]
    assert table.drop(columns="nothing").to_numpy().tolist() == [[1, "a", True, 0.5], [2, "中", False, 1.5]]
    assert table["nothing"].isna().all()


def test_whole_numbers_and_flags_of_which_some_are_missing_stay_what_they_are() -> None:
    table = fetched("select * from (values (1, true, 'a'), (null, null, null)) as given (number, flag, text)")
    assert [str(kind) for kind in table.dtypes] == ["Int32", "boolean", "str"]
    assert (table["number"][0], table["flag"][0], table["text"][0]) == (1, True, "a")
    assert table.loc[1].isna().all()


def test_no_row_keeps_the_kinds_of_its_columns() -> None:
    table = fetched("select 1 as number, 'a' as text where false")
    assert ([str(kind) for kind in table.dtypes], len(table)) == (["int32", "str"], 0)


@pytest.mark.parametrize("written", ["28.6494", "0.1", "99999.9999"])
def test_a_decimal_is_the_nearest_number_to_what_is_written(written: str) -> None:
    assert fetched(f"select {written}::decimal(9, 4) as share, 'a' as text")["share"][0] == float(written)
