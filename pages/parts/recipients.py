"""Whom a briefing is rendered for, and who may see one that was endorsed: never more than the reader sees."""

from collections.abc import Sequence
from dataclasses import replace

import queries
from data import endorsed
from data.access import EVERY_UNIT, LOCAL, Viewer
from data.endorsed import Endorsed
from data.store import Store
from pages.parts import printed
from pages.parts.answers import Here

OWN, NAMELESS = LOCAL.name, "reader"


def offered(here: Here, units: list[str]) -> dict[str, Viewer]:
    """Give whom a reader may have a briefing rendered for, by codes: as they see it, without names, one of some units.

    Whoever reads for a unit alone is shown no names, as by `python -m pages brief --as UNIT`.
    """
    own = here.viewer
    known = {OWN: own}
    if own.names:
        known[NAMELESS] = printed.VIEWERS[NAMELESS] if own.sees_whole else Viewer(NAMELESS, own.units)
    return known | {unit: Viewer(unit, (unit,)) for unit in units if sees_unit(here, unit)}


def seen_by(here: Here, code: str | None, unit: str | None) -> Viewer:
    """Give for whom something is shown by a code of `offered`; by one that is not known, to whoever sees no names."""
    viewers = offered(here, [each for each in (unit, code) if each])
    return (
        viewers[code or OWN] if (code or OWN) in viewers else viewers.get(NAMELESS, replace(here.viewer, names=False))
    )


def sees_unit(here: Here, unit: str) -> bool:
    """Whether there is a unit, and a reader sees it and all under it: the unit itself is theirs, or one above it."""
    try:
        tree = here.ask("roster/units", unit=unit).table
    except queries.QueryError:
        return False
    return here.viewer.sees_whole or not {*tree.loc[tree["place"] != "below", "unit_id"]}.isdisjoint(here.viewer.units)


def sees_all(units: Sequence[str]) -> bool:
    """Whether these units are every one."""
    return EVERY_UNIT in units


def may_see(here: Here, record: Endorsed) -> bool:
    """Whether a reader sees at least what the one sees for whom a briefing was endorsed, of everyone in it."""
    own = here.viewer
    if record.exact and not (own.exact or own.names):
        return False
    if record.names and not (own.names and {*own.closed} <= {*record.closed}):
        return False
    return here.viewer.sees_whole or (bool(record.units) and all(sees_unit(here, unit) for unit in record.units))


def visible(store: Store, here: Here) -> list[Endorsed]:
    """The endorsed briefings that a reader may see, the latest first."""
    return [record for record in endorsed.every(store) if may_see(here, record)]


def last(records: list[Endorsed], template: str) -> Endorsed | None:
    """The last one of a template that stands."""
    return next((each for each in records if each.template == template and each.withdrawn is None), None)
