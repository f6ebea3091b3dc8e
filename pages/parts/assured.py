"""What is said of the project's promises: how many its tests hold, and what came of each, of which version and when."""

from collections.abc import Mapping, Sequence

import pandas as pd

from data import promises
from data.backtests import Backtest
from data.promises import Promise, Result, State
from models import backtest
from pages.parts import numerals
from pages.parts.audited import Chain
from pages.parts.look import GLYPH
from pages.parts.tables import Column
from pages.parts.words import Words
from queries import builds

SIGNS: Mapping[State, str] = {"held": GLYPH["met"], "open": GLYPH["at_risk"], "broken": GLYPH["missed"]}
Results = Mapping[str, Result]


def headline(tests: Results, say: Words) -> str:
    """Say how many promises are held, and how many are broken or have not been tested whole."""
    states = [promises.state(promises.holding(promise, tests)) for promise in promises.every()]
    held, broken, opened = (states.count(state) for state in ("held", "broken", "open"))
    if broken:
        return say("{broken} of {n} promises are broken, {open} not tested whole").format(
            broken=broken, n=len(states), open=opened
        )
    if opened:
        return say("{held} of {n} promises are held by their tests, {open} not tested whole").format(
            held=held, n=len(states), open=opened
        )
    return say("All {n} promises are held by their tests").format(n=len(states))


def last_run(tests: Results, version: str, say: Words) -> str:
    """Say when the tests were last run, of which version and where, and whether that is the version that runs."""
    ran = max((test for test in tests.values() if test.outcome), key=lambda test: test.at, default=None)
    if ran is None:
        return say("the tests have not been run")
    told = [
        say("last run {moment}").format(moment=numerals.moment(ran.at)),
        say("version {version}").format(version=ran.version),
        ran.machine,
    ]
    others = {test.version for test in tests.values() if test.outcome} - {version}
    if others:
        told.append(say("this is version {version}: some results are of another one").format(version=version))
    return say(" · ").join(told)


def themes(say: Words) -> dict[str, str]:
    """Name the themes of the promises."""
    return {
        "true": say("Right"),
        "private": say("Private"),
        "survives": say("Survives a fault"),
        "fast": say("Fast"),
        "seen": say("Clear to everyone"),
    }


def of_theme(theme: str, tests: Results, say: Words) -> pd.DataFrame:
    """Give the promises of a theme, a row each, in words."""
    return pd.DataFrame(
        [_row(each, promises.holding(each, tests), say) for each in promises.every() if each.theme == theme]
    )


def columns(table: pd.DataFrame, say: Words) -> list[Column]:
    """Say how the columns of `of_theme` are shown; what was measured only where anything was."""
    numbers = {say("Tests"), say("Passed"), say("Last run")}
    shown = [name for name in table.columns if name != say("Measured") or table[name].any()]
    return [Column(name, name in numbers, wraps=name == say("Promise"), signed=name == say("Result")) for name in shown]


def _row(promise: Promise, tests: Sequence[Result], say: Words) -> dict[str, str]:
    state = promises.state(tests)
    ran = sorted(test.at for test in tests if test.outcome)
    measured = {name: value for test in tests for name, value in test.measured.items()}
    return {
        say("Result"): f"{SIGNS[state]} {_word(state, say)}",
        say("Promise"): say.pick(promise.en, promise.zh),
        say("Measured"): say(" · ").join(f"{name} {value}" for name, value in measured.items()),
        say("Tests"): numerals.whole(len(tests)),
        say("Passed"): numerals.whole(sum(test.outcome == promises.PASSED for test in tests)),
        say("Last run"): numerals.moment(ran[-1]) if ran else "",
        say("Code"): promise.code,
    }


def _word(state: State, say: Words) -> str:
    return {"held": say("held"), "open": say("untested"), "broken": say("broken")}[state]


def of_log(chain: Chain, say: Words) -> tuple[State, str]:
    """Say what going over the audit log gave."""
    if chain.error:
        return "broken", chain.error
    if not chain.entries:
        return "open", say("no entry yet")
    told = say("{n} entries, all as they were written; verified {moment}").format(
        n=numerals.whole(chain.entries), moment=numerals.moment(chain.at)
    )
    return "held", told


def of_file(condition: str, say: Words) -> tuple[State, str]:
    """Say what the file of the build that is shown was found to be when it was hashed."""
    if condition == builds.WHOLE:
        return "held", say("as it was made, by its checksum")
    if condition == builds.UNKNOWN:
        return "open", say("made before checksums were; build it again to have one")
    return "broken", say("not as it was made; build it again")


def of_checks(records: int, say: Words) -> tuple[State, str]:
    """Say how many records the checks of the build found."""
    if records:
        return "open", say("{n} records to be looked at, on the page of data quality").format(n=numerals.whole(records))
    return "held", say("no record to be looked at")


def of_back_test(told: Backtest | None, how: str, say: Words) -> tuple[State, str]:
    """Say how many outcomes of the past lay in the interval of eight in ten; `how` says how the test came about."""
    if told is None or told.errors.empty:
        return "open", how
    covered = told.errors["cover_80"] * told.errors["forecasts"]
    modes = told.errors["mode"]
    share = (covered.groupby(modes).sum() / told.errors["forecasts"].groupby(modes).sum()).round().astype(int)
    found = say(
        "of {n} past outcomes, {practice}% lay in the interval of 80% told from the past, "
        "{plan}% in that told with the plan"
    )
    return "held", found.format(
        n=numerals.whole(told.errors.loc[modes == backtest.PRACTICE, "forecasts"].sum()), **share
    )
