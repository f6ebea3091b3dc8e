"""What stands behind an answer, said the same way on a page, a slide and a sheet."""

from dataclasses import dataclass

from pages.parts import numerals
from pages.parts.words import Words
from queries.warehouse import Answer


def facts(answer: Answer, say: Words) -> list[str]:
    """Name the question of an answer, what it was asked with, how many rows it has and the build it comes from."""
    told = [
        say("Question: {name}: {asks}").format(name=answer.query.name, asks=say(answer.query.asks)),
        say("Parameters: {given}").format(given=given(answer)),
        say("{rows} rows · data to {month} · build {build}").format(
            rows=numerals.whole(len(answer.table)), month=say.month(answer.data_month), build=answer.build_id
        ),
    ]
    return [*told, withheld(answer, say)] if answer.withheld else told


def withheld(answer: Answer, say: Words) -> str:
    """Say how many records of a list stay closed to its reader; nothing where none does."""
    closed = say("{n} left out: nobody is shown their own record or that of a relative whom they declared")
    return closed.format(n=answer.withheld) if answer.withheld else ""


def given(answer: Answer) -> str:
    """Write what an answer was asked with."""
    return ", ".join(f"{name} = {value}" for name, value in answer.parameters.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Named:
    """The question whose answer names people, what it was asked with and how many rows it has: no name among it."""

    question: str
    given: str
    rows: int


def named(answer: Answer, all_rows: int | None = None) -> Named | None:
    """Tell of an answer, or of the first of `all_rows`, that it names people; None of one that names nobody."""
    number = len(answer.table) if all_rows is None else all_rows
    return Named(answer.query.name, given(answer), number) if answer.names_people else None
