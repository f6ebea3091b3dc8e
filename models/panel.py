"""People in post, month by month and year by year, seen from an origin: nothing dated after it is read.

Tables have a row a posting; months are counted from year 0 (`data.month.number`), and OPEN is an end not yet known.
A *cell* is what shares are asked of (a kind of body, a level, a unit); a *group* is what rates are learnt for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import month
from data.month import MONTHS_A_YEAR as YEAR

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

OPEN = month.number(999912)
NEVER = OPEN + 100 * YEAR
BREAK = 3
"""Months out of post that end no stay: a parliament between two terms."""
COMPLETE = 0.85
"""A snapshot is whole when it holds this share of the people of the origin; below, earlier rows are missing."""
STAYS, LEAVE, MOVE, PROMOTE, STEP_DOWN = "stay", "leave", "move", "promote", "step_down"
EVENTS = (LEAVE, MOVE, PROMOTE, STEP_DOWN)
LONGEST = 5
"""Years in post, and years since the last renewal, from which on all are alike."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The months (from year 0) in which terms change, known or expected, in order; `months` apart where they repeat."""

    changes: tuple[int, ...] = ()
    months: int = 0

    def phase(self, start: int) -> int:
        """How many years before the year from `start` on terms last changed; 0 where they change in it."""
        end = start + YEAR
        last = max((change for change in self._about(end) if change <= end), default=None)
        return LONGEST if last is None else min((end - last) // YEAR, LONGEST)

    def change_within(self, start: int) -> int | None:
        """The month, counted from `start`, in which terms change within the year from it; None where they do not."""
        return next((change - start for change in self._about(start + YEAR) if start < change <= start + YEAR), None)

    def _about(self, at: int) -> list[int]:
        """The changes of the ten years before and after a month, those that repeat among them."""
        if not self.months or not self.changes:
            return list(self.changes)
        first, last = self.changes[0], self.changes[-1]
        before = range(first - self.months, at - 10 * YEAR, -self.months)
        after = range(last + self.months, at + 10 * YEAR, self.months)
        return sorted({*before, *self.changes, *after})


NO_TERMS = Terms()
KEPT: Mapping[str, Any] = {"level": "", "role": "", "leads": True, "unit_no": 0, "place": 0, "traits": 0}
"""Columns of postings that are kept where they are given, and what stands for them where they are not."""
YEARLY = ["cell", "group", "level", "end", "age", "tenure", "line"]
"""What a person-year takes from the posting and from where it stands."""


def postings(table: pd.DataFrame, cell: "pd.Series[Any]", group: "pd.Series[Any]") -> pd.DataFrame:
    """Postings ready to be counted: codes for people, cells and groups, months from year 0, the start of each stay.

    `table`: person_id, start_month, end_month, birth_month (YYYYMM, null where unknown) and, where known,
    statutory_month, early_month, post_line_month and the KEPT columns. Rows without a birth month are left out: no band
    can be told of them.
    """
    known = table["birth_month"].notna() & cell.notna() & (table["end_month"] > table["start_month"])
    rows = table[known]
    made = pd.DataFrame(
        {
            "person": pd.factorize(rows["person_id"])[0].astype(np.int32),
            "cell": coded(cell[known]),
            "group": coded(group[known]),
            "birth": _numbers(rows["birth_month"]),
            "start": _numbers(rows["start_month"]),
            "end": np.minimum(_numbers(rows["end_month"]), np.int32(OPEN)),
            "line": _numbers(rows["post_line_month"]) if "post_line_month" in rows else NEVER,
            "limit": _numbers(rows["statutory_month"]) if "statutory_month" in rows else NEVER,
            "early": _numbers(rows["early_month"]) if "early_month" in rows else NEVER,
            **{name: _kept(rows[name], usual) if name in rows else usual for name, usual in KEPT.items()},
        }
    )
    made = made.sort_values(["person", "cell", "start", "end"], kind="stable", ignore_index=True)
    made["since"] = _since(made)
    return made


def coded(texts: "pd.Series[Any]") -> "pd.Categorical[Any]":
    """Texts as codes in the order of the texts, which take less memory; none is an empty one."""
    codes, names = pd.factorize(texts.fillna("") if texts.hasnans else texts, sort=True)
    return in_codes(codes, [*map(str, names)])


def in_codes(codes: npt.NDArray[Any], texts: Sequence[str]) -> "pd.Categorical[Any]":
    """Texts by their places among all texts."""
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(pd.Index(list(texts), dtype="str")))


def places(texts: "pd.Series[Any]", among: Sequence[str]) -> Int32s:
    """The place of each text among some, each of these once; -1 where it is none of them."""
    codes, names = pd.factorize(texts)
    found: Int32s = pd.Index(list(among)).get_indexer(pd.Index([*map(str, names)]))[codes].astype(np.int32)
    return found


def _kept(values: "pd.Series[Any]", usual: Any) -> Any:
    if isinstance(usual, str):
        return coded(values)
    return values.fillna(usual).to_numpy().astype(np.bool_ if isinstance(usual, bool) else np.int32)


def _numbers(months: "pd.Series[Any]") -> Int32s:
    """Months from year 0 of YYYYMM months; NEVER where there is none."""
    known = months.notna().to_numpy()
    given = months.fillna(0).to_numpy().astype(np.int32)
    return np.where(known, given // 100 * YEAR + given % 100 - 1, np.int32(NEVER))


def _since(rows: pd.DataFrame) -> Int32s:
    """The month in which each row's stay in its cell began; rows are in order of person, cell and start."""
    keys = rows.groupby(["person", "cell"], sort=False)
    until = keys["end"].cummax().groupby([rows["person"], rows["cell"]], sort=False).shift()
    begins = until.isna() | (rows["start"] > until + BREAK)
    return rows["start"].where(begins).ffill().to_numpy(np.int32)


def known_at(rows: pd.DataFrame, at: int) -> pd.DataFrame:
    """What was known in the month `at`: later starts are not there yet, later ends are open."""
    seen = rows[rows["start"] <= at]
    return seen.assign(end=seen["end"].where(seen["end"] <= at, OPEN))


def snapshot(rows: pd.DataFrame, at: int) -> pd.DataFrame:
    """Who is in post in a month, once a cell: of several postings the one taken last."""
    there = rows[(rows["start"] <= at) & (rows["end"] > at)]
    return there[~there.duplicated(["person", "cell"], keep="last").to_numpy()]


def years_before(rows: pd.DataFrame, at: int, most: int) -> list[int]:
    """The first months of the years that end at `at`, the latest first, as far back as the rows are whole."""
    people = len(snapshot(rows, at))
    starts: list[int] = []
    for back in range(1, most + 1):
        if len(snapshot(rows, at - back * YEAR)) < max(1, COMPLETE * people):
            break
        starts.append(at - back * YEAR)
    return starts


def periods(rows: pd.DataFrame, at: int, terms: Mapping[str, Terms], *, window: int) -> pd.DataFrame:
    """One row a person, cell and year of the last `window` ones, with what became of it by the end of the year.

    `terms` are the term changes of each group; a group without any has none.

    Columns: cell, group, level and end of the posting at the start of the year, begin, phase, age and tenure (years),
    line (0: the age line of the post lies ahead, 1: it is reached in the year, 2: it is passed), due (the statutory
    month falls into the year), event, weight (a person of several cells is shared by them). Rows whose cell is empty
    are in no cell; a move is told from a leave by them.
    """
    known = known_at(rows, at)
    celled = known[known["cell"] != ""]
    made = [_year(celled, known, begin, terms) for begin in years_before(celled, at, window)]
    return pd.concat(made, ignore_index=True) if made else _year(celled, known, at, terms).iloc[:0]


def _year(celled: pd.DataFrame, held: pd.DataFrame, begin: int, terms: Mapping[str, Terms]) -> pd.DataFrame:
    there, after = snapshot(celled, begin), snapshot(celled, begin + YEAR)
    stays = is_among(there, after)
    event = np.zeros(len(there), np.int8)
    event[~stays] = _where_to(there[~stays], held, begin + YEAR)
    phases = {group: terms.get(group, NO_TERMS).phase(begin) for group in there["group"].unique()}
    return placed(there, begin)[YEARLY].assign(
        begin=np.int32(begin),
        phase=there["group"].map(phases).astype(np.int8),
        due=(there["limit"] > begin) & (there["limit"] <= begin + YEAR),
        event=in_codes(event, [STAYS, *EVENTS]).reorder_categories(sorted([STAYS, *EVENTS])),
        weight=1 / there.groupby("person")["person"].transform("size"),
    )


def is_among(rows: pd.DataFrame, others: pd.DataFrame) -> Bools:
    """Which rows are of people who are in the same cell among others, too."""
    cell, cells = pd.factorize(pd.concat([rows["cell"], others["cell"]]))
    person = pd.concat([rows["person"], others["person"]]).to_numpy(np.int64)
    both = pd.Index(person * len(cells) + cell)
    found: Bools = both[: len(rows)].isin(both[len(rows) :])
    return found


def placed(there: pd.DataFrame, begin: int) -> pd.DataFrame:
    """People in a month with their age, time in post (both whole years) and where they stand to the post's age line."""
    return there.assign(
        age=((begin - there["birth"]) // YEAR).astype(np.int16),
        tenure=np.minimum((begin - there["since"]) // YEAR, LONGEST).astype(np.int16),
        line=((there["line"] <= begin).astype(np.int8) + (there["line"] <= begin + YEAR)).astype(np.int8),
    )


def _where_to(gone: pd.DataFrame, held: pd.DataFrame, at: int) -> npt.NDArray[Any]:
    """What became of people who are not in their cell any more, by the post they hold in the month `at`.

    Told as places among STAYS and EVENTS. Levels of posts are codes in the order of the levels, the highest first.
    """
    now = held.loc[(held["start"] <= at) & (held["end"] > at), ["person", "level", "leads", "start"]]
    now = now.sort_values(["leads", "start"], kind="stable").drop_duplicates("person", keep="last")
    found = now.set_index("person").reindex(gone["person"])
    before, after = gone["level"].to_numpy(str), found["level"].astype(object).fillna("").to_numpy(str)
    higher, lower = (after != "") & (after < before), (before != "") & (after > before)
    leads = (found["leads"] == True).to_numpy()  # noqa: E712 (missing is not leading)
    ways = [1 + EVENTS.index(event) for event in (LEAVE, PROMOTE, STEP_DOWN, MOVE)]
    return np.select([found["start"].isna(), leads & higher, ~leads | lower], ways[:3], ways[3])
