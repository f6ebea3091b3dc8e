"""The twelve people and all that has a name, named by whoever wants to do harm."""

import csv
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path

from data import landing, scenarios, steps
from data.scenarios import Version
from data.steps import Entry
from data.store import Store
from queries import building

CADRE = Path(__file__).parent / "cadre"
MONTH = 202610
PAYLOADS = (
    '<img src=x onerror="window.planted=1" data-planted>',
    "</script><script data-planted>window.planted=2</script>",
    "\"'><svg onload=window.planted=3 data-planted>",
    "[a](javascript:window.planted=4)",
    "![a](http://planted.invalid/a.png)",
    '<a href="http://planted.invalid/" data-planted>b</a>',
    "{{7*7}} ${7*7} %{x}",
    "$\\frac{1}{2}$",
    ":material/face: :red[c]",
    "**d** `e` ~~f~~",
    "<b>g</b><br></b></span>h",
    "' or 1=1; drop table member; --",
    "</textarea></title></style><style>*{color:red}</style>",
    "&lt;i&gt; &#60;j&#62;",
)
"""Each is planted in many names; none of it may run, lead anywhere or be read as anything but itself."""
NAMES = {
    "member": ("name",),
    "unit": ("name",),
    "posting": ("post",),
    "unit_assessment": ("peer_group",),
}
OF_RULES = ("name_en", "name_zh", "band_en", "band_zh", "document", "clause", "owner_en", "owner_zh")


def planted(root: Path) -> Store:
    """A store in which every name of a person, unit, post, group, rule, scenario and step holds a payload."""
    given, policy = root / "given", root / "policy"
    given.mkdir()
    policy.mkdir()
    signs = itertools.cycle(PAYLOADS)
    for path in sorted(CADRE.glob("*.csv")):
        _rewritten(path, given / path.name, NAMES.get(path.stem, ()), signs)
    for path in sorted((CADRE / "policy").glob("*.csv")):
        _rewritten(path, policy / path.name, OF_RULES, signs)
    store = Store(root / "store")
    landing.land(store, sorted(given.glob("*.csv")), month=MONTH)
    building.build(store, folder=policy)
    return store


def _rewritten(path: Path, to: Path, columns: Iterable[str], signs: Iterable[str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named: dict[str, str] = {}
    for row, column in itertools.product(rows, columns):
        if row.get(column):
            named.setdefault(row[column], f"{row[column]} {next(iter(signs))}")
            row[column] = named[row[column]]
    with to.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, rows[0].keys())
        written.writeheader()
        written.writerows(rows)


def entered(store: Store, build_id: str) -> None:
    """Enter a scenario and a step with a payload in all that people write."""
    levers: Mapping[str, object] = {
        "exits": 1,
        "entry_age": 0,
        "slip": 0,
        "early": 0,
        "plan": None,
        "start": None,
        "date": None,
    }
    figures: Mapping[str, object] = {
        "have": 1, "needed": 2, "projected": 1, "low80": 0, "high80": 2, "chance": 0.5
    }  # fmt: skip
    for sign in PAYLOADS:
        scenarios.save(
            store,
            Version(
                name=sign[: scenarios.LONGEST_NAME], target_id="team_35", unit=None, levers=levers, figures=figures,
                build_id=build_id, as_of=MONTH, who=sign, written="2026-10-01T00:00:00+00:00",
            ),
        )  # fmt: skip
    steps.record(
        store,
        Entry(
            tier="county", round=2026, organ="congress", step_id="survey", state="under_way", who=PAYLOADS[0],
            owner=PAYLOADS[1], note=PAYLOADS[5], written="2026-09-01T00:00:00+00:00",
        ),
    )  # fmt: skip
