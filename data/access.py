"""Who is asking: what they may see is settled once, when the warehouse is opened for them, and what they may do."""

from dataclasses import dataclass, field

EVERY_UNIT = "*"
ACTS = ("read", "plan", "endorse", "land", "amend", "audit")
"""What a role may do: open the pages of analysis, keep scenarios and steps, endorse briefings, land files and serve
builds, change rules, read the audit log."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at the screen.

    `units` holds unit codes; each opens itself and everything under it, EVERY_UNIT opens the whole.
    No units sees nobody.
    `names` says whether names of people may be shown.
    `exact` says whether counts of small groups may be shown though names may not.
    `closed` holds the codes of the people whose records stay closed: the viewer's own and their relatives'.
    `role` and `may`, some of ACTS, say what they may do. Two who see the same are equal, whatever they are called and
    may do: what was found for one is what would be found for the other.
    """

    name: str = field(compare=False)
    units: tuple[str, ...] = ()
    names: bool = False
    exact: bool = False
    closed: tuple[str, ...] = ()
    role: str = field(default="", compare=False)
    may: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def sees_whole(self) -> bool:
        """Whether this viewer sees every unit."""
        return EVERY_UNIT in self.units

    def opens(self, record: str) -> bool:
        """Whether a record may be opened, called by its key, in which the code of a person comes first."""
        return record.split(" ", 1)[0] not in self.closed


LOCAL = Viewer("local", (EVERY_UNIT,), names=True, may=frozenset(ACTS))
