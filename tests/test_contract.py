"""Promises of the contracts: each is usable, says what it stores, and answers to one name with one meaning."""

from pathlib import Path

import pyarrow as pa
import pytest

from data import contract
from data.contract import ContractError


@pytest.mark.parametrize("source", contract.names())
def test_every_contract_loads_and_its_key_is_required(source: str) -> None:
    loaded = contract.load(source)
    assert loaded.key
    assert all(loaded.column(name).required for name in loaded.key)


@pytest.mark.parametrize("source", contract.names())
def test_every_heading_and_title_has_both_languages(source: str) -> None:
    loaded = contract.load(source)
    assert all((loaded.title_en, loaded.title_zh, loaded.about_en, loaded.about_zh))
    assert all(column.en and column.zh for column in loaded.columns)


def test_the_roster_sources_have_contracts() -> None:
    assert set(contract.SOURCES) <= set(contract.names())


def test_a_contract_says_what_it_stores() -> None:
    schema = contract.load("posting").arrow_schema
    assert schema.names[:3] == ["person_id", "unit_id", "post"]
    assert schema.field("start").type == pa.int32()
    assert schema.field("primary").type == pa.bool_()
    assert schema.field("role").type == pa.string()


def test_headings_are_recognised_however_they_are_spaced_and_whatever_their_width() -> None:
    headings = contract.load("member").headings
    assert {headings[contract.fold(written)].name for written in ("姓  名", "姓\n名", "Ａ０１０１", "NAME")} == {"name"}


def test_a_choice_is_called_by_its_name_in_either_language() -> None:
    assert contract.label("unit.body", "township", "zh_CN") == "乡镇（街道）"
    assert contract.label("unit.body", "township", "en") == "Townships and subdistricts"


def test_a_borrowed_list_of_values_has_the_names_of_its_lender() -> None:
    assert contract.label("age_target.body", "township", "zh_CN") == "乡镇（街道）"


@pytest.mark.parametrize("name", ["unit.nothing", "nothing.body", "unit.body"])
def test_a_name_that_no_contract_knows_is_an_error_that_says_so(name: str) -> None:
    with pytest.raises(ContractError, match="no "):
        contract.label(name, "village", "en")


def test_two_columns_that_answer_to_one_heading_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
    title = { en = "T", zh = "表" }
    about = { en = "A", zh = "述" }
    key = ["a"]
    [columns]
    a = { type = "code", required = true, en = "A", zh = "甲", aliases = ["same"] }
    b = { type = "text", en = "B", zh = "乙", aliases = ["Same"] }
    """
    (tmp_path / "twice.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(contract, "FOLDER", tmp_path)
    with pytest.raises(ContractError, match="'same' means both 'a' and 'b'"):
        contract.load("twice")
