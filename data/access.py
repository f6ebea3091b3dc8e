"""Who is asking: what they may see is settled once, when the warehouse is opened for them."""

from dataclasses import dataclass

EVERY_UNIT = "*"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at the screen.

    `units` holds unit codes; each opens itself and everything under it, EVERY_UNIT opens the whole.
    No units sees nobody.
    `names` says whether names of people may be shown.
    """

    name: str
    units: tuple[str, ...] = ()
    names: bool = False

    @property
    def sees_whole(self) -> bool:
        """Whether this viewer sees every unit."""
        return EVERY_UNIT in self.units


LOCAL = Viewer("local", (EVERY_UNIT,), names=True)
