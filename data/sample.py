"""An invented prefecture city of any size, units, people and years of careers, landed as real input would be.

A city is a ladder of seats. Every few months people reach their age, step down or leave; empty seats are filled from
the rungs below by age and county; newcomers enter at the foot; at a term change the older part of a team makes room.
A seat holds one person and a person one seat because people only ever move from seat to seat. In the end a few births
and sexes are settled to SPARE and LACKING, so that every status of a target is seen. All people are invented.
"""

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data import contract, landing
from data import month as months

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

YEAR = months.MONTHS_A_YEAR
PEOPLE_A_CITY = 10_000
FEWEST_PEOPLE = 200
CITIES_A_CHUNK = 16

STEP = 3
"""Months between two rounds of appointments."""
WAVES = {"township": (201611, 202110), "county": (201612, 202112), "city": (201702, 202203)}
"""Months in which the teams of a tier change for a new term."""
WAVE_YOUTH = 2.0
"""Years by which those appointed at a term change are younger than otherwise."""
SERVED = 18
"""Months in a seat before the next move."""
VACANT = 0.1
"""Chance that an empty seat stays empty for another step."""
AWAY = 0.12
"""Chance that a seat is filled from another county."""
TURN = {False: 0.012, True: 0.2}
"""Share of a rung that changes places among itself, at an ordinary step and at a term change."""
PAST_LINE = 0.6
"""Chance at each step that one who is past the line of the post leaves it."""
PAST_ROOM = {False: 0.03, True: 0.45}
"""Chance that one old enough to make room does, at an ordinary step and at a term change."""
FIRST_SPREAD = 7.0
"""Years by which the ages on one rung differ on the first day."""
MIDDLE_AGE, STAFF_LEVELS = 45, (0, 0, 0.12, 0.23, 0.65)
"""Age from which people without a post may have held one before, and the LEVELS that they kept on the first day."""
RECRUITS = ((0.85, 25, 2), (0.15, 33, 4))
"""Newcomers from school and from elsewhere: share, mean age and spread, in years."""
EXITS_A_YEAR = 0.012
EXITS = {"resigned": 0.35, "moved": 0.4, "died": 0.15, "dismissed": 0.06, "expelled": 0.04}

PLACE_BITS = 24
"""Bits that hold a place among the seats of a city."""

MEN, WOMEN, WOMEN_WORKERS = 60, 55, 50
"""Ages of retirement before the reform of 2025."""
WORKERS, PROBATION, STORED, STORED_LIMIT, UNCOUNTED = 0.01, 0.01, 0.05, 0.01, 0.005
"""Shares of workers, probationary members, stored retirement months and age limits, posts that are not counted."""

LEVELS = ("1A31", "1A32", "1A41", "1A42", "1A50")
SENIOR, JUNIOR = LEVELS.index("1A32"), LEVELS.index("1A50")
ROLES = ("secretary", "chief", "deputy", "member", "division_head", "division_deputy", "other")
CHIEFS, DEPUTIES, DIVISIONS, TEAM = ROLES[:2], ROLES[2:4], ROLES[4:6], ROLES[:4]
REASONS = ("promoted", "moved", "retired", "other", "resigned", "died", "dismissed", "expelled")
PARTIES = tuple(f"{number:02d}" for number in range(1, 14))
MEMBER, PROBATIONARY, OUTSIDE = 0, 1, 3
SECTION_RANKS = ("二级科员", "一级科员", "四级主任科员", "三级主任科员", "二级主任科员", "一级主任科员")
RANKS = (*SECTION_RANKS, "四级调研员", "三级调研员", "二级调研员", "一级调研员")
LOWEST_RANK = (8, 6, 4, 2, 0)
"""The place in RANKS from which each of LEVELS begins."""

OUTSIDERS = (0.3, 0.085)
"""Share outside the Party among councillors and among all others."""
PRECISIONS = (0.001, 0.003, 0.496, 0.5)
"""Share of births that are missing, known to the year, to the month, to the day."""
MISSING, YEAR_ONLY, TO_THE_DAY = 0, 1, 3

SURNAMES = tuple("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎")
MIDDLES = tuple("样例拟")
STEMS = tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
COUNTIES = ("甲县", "乙县", "丙县", "丁县", "戊县", "己区", "庚区", "辛市", "壬市")
TREES, PLACES = "松柳桐梅竹荷兰菊枫柏桂杏", "林溪山泉塘坪桥岭湾店河坝"
PARTY_OFFICES = "纪委监委 组织部 宣传部 统战部 政法委"
COUNTY_OFFICES = (
    "发展改革局 教育体育局 公安局 财政局 人力资源社会保障局 住房城乡建设局 交通运输局 农业农村局 卫生健康局 审计局"
)
CITY_PARTY_OFFICES = (
    "市委办公室 市纪委监委 市委组织部 市委宣传部 市委统战部 市委政法委 市委政策研究室 市委编办 市委网信办 市委巡察办 "
    "市直机关工委 市委老干部局 市信访局 市档案馆"
)
CITY_OFFICES = (
    "市政府办公室 市发展改革委 市教育局 市科技局 市工业和信息化局 市民族宗教局 市公安局 市民政局 市司法局 市财政局 "
    "市人力资源社会保障局 市自然资源局 市生态环境局 市住房城乡建设局 市交通运输局 市水利局 市农业农村局 市商务局 "
    "市文化旅游局 市卫生健康委 市退役军人局 市应急管理局 市审计局 市国资委 市市场监管局 市体育局 市统计局 市医保局 "
    "市乡村振兴局 市林业局 市城市管理局 市行政审批局 市金融工作局 市投资促进局 市机关事务局 市供销社"
)
ENTERPRISES = "城投集团 交投集团 水务集团 文旅集团 农发集团 产投集团 能源集团 公交集团"
INSTITUTIONS = "职业技术学院 开放大学 中心医院 中医院 妇幼保健院 图书馆 博物馆 农业科学院 疾控中心 广播电视台"
SUFFIX_HEADS = {
    "局": "局长",
    "部": "部长",
    "镇": "镇长",
    "乡": "乡长",
    "道": "办事处主任",
    "院": "院长",
    "团": "总经理",
}


class Rung(NamedTuple):
    """One rung of the ladder, in years of age: at appointment (mean and spread), on the first day, at the lines.

    `line` is the age at which the post is left; from `room` on people make room at the term change of `tier`.
    """

    name: str
    tier: str
    level: str
    sources: tuple[str, ...]
    age: float
    spread: float
    standing: float
    room: float
    line: float


STAFF = "staff"
RUNGS = (
    Rung("chair", "county", "1A31", ("county_head", "municipal_head", "county_deputy"), 53, 2, 55, 56, 59),
    Rung("county_head", "county", "1A31", ("county_deputy", "municipal_deputy"), 47, 2.5, 49, 54, 58),
    Rung("municipal_head", "city", "1A31", ("municipal_deputy",), 50, 3, 52, 56, 58),
    Rung("councillor", "county", "1A32", ("county_deputy", "department_head"), 51, 3, 54, 56, 59),
    Rung("county_deputy", "county", "1A32", ("township_secretary", "department_head"), 43, 3, 46, 53, 57),
    Rung("municipal_deputy", "city", "1A32", ("division_head", "township_secretary"), 45, 3.5, 48, 55, 57),
    Rung("township_secretary", "township", "1A41", ("township_chief",), 36, 4, 42, 50, 58),
    Rung("division_head", "city", "1A41", ("division_deputy",), 41, 4, 45, 55, 57),
    Rung("department_head", "county", "1A41", ("township_chief", "department_deputy"), 44, 4, 47, 54, 58),
    Rung("township_chief", "township", "1A41", ("township_deputy",), 33.5, 3.5, 39, 47, 58),
    Rung("department_deputy", "county", "1A42", ("township_deputy", STAFF), 37, 5, 44.5, 52, 57),
    Rung("division_deputy", "city", "1A42", (STAFF,), 36, 4, 42, 53, 57),
    Rung("township_deputy", "township", "1A42", (STAFF,), 32.8, 3.5, 40.5, 46, 57),
    Rung(STAFF, "city", "1A50", (), 25, 2.5, 41, 99, 99),
)
RUNG = {rung.name: place for place, rung in enumerate(RUNGS)}
RUNG_LEVEL = np.array([LEVELS.index(rung.level) for rung in RUNGS])


class Post(NamedTuple):
    """Seats of one role in a team, a title each; the unit's {head} is filled in.

    Every `more_of` units of the kind, `more` have one seat besides, with the last title. `beside` are organ, role
    and title of second postings that come with these seats.
    """

    role: str
    rung: str
    titles: tuple[str, ...]
    more: int = 0
    more_of: int = 1
    beside: tuple[tuple[str, str, str], ...] = ()


POSTS = {
    "party": (
        Post("secretary", "county_head", ("{head}书记",)),
        Post("member", "county_deputy", ("{head}常委",), beside=(("government", "deputy", "常务副{head}"),)),
        Post("deputy", "county_deputy", ("{head}副书记",)),
        Post("member", "county_deputy", ("{head}常委、纪委书记", "{head}常委、组织部部长", "{head}常委、宣传部部长")),
        Post("member", "county_deputy", ("{head}常委、统战部部长", "{head}常委、政法委书记", "{head}常委、公安局局长")),
        Post("member", "county_deputy", ("{head}常委、办公室主任",)),
    ),
    "congress": (
        Post("chief", "chair", ("{head}主任",)),
        Post("deputy", "councillor", ("{head}副主任",) * 6),
    ),
    "government": (
        Post("chief", "county_head", ("{head}",), beside=(("party", "deputy", "{head}副书记"),)),
        Post("deputy", "county_deputy", ("副{head}",) * 6),
    ),
    "consultative": (
        Post("chief", "chair", ("{head}主席",)),
        Post("deputy", "councillor", ("{head}副主席",) * 6),
    ),
    "county_department": (
        Post("secretary", "department_head", ("党组书记",)),
        Post("chief", "department_head", ("{head}",)),
        Post("deputy", "department_deputy", ("副{head}",) * 4),
        Post("member", "department_deputy", ("党组成员",) * 3, 25, 135),
    ),
    "township": (
        Post("secretary", "township_secretary", ("党委书记",)),
        Post("chief", "township_chief", ("{head}",)),
        Post("deputy", "township_deputy", ("党委副书记", "副{head}", "副{head}", "副{head}"), 53, 132),
        Post("member", "township_deputy", ("纪委书记", "组织委员", "宣传委员", "人武部部长")),
    ),
    "municipal_department": (
        Post("secretary", "municipal_head", ("党组书记",)),
        Post("chief", "municipal_head", ("{head}",)),
        Post("deputy", "municipal_deputy", ("副{head}",) * 4),
        Post("member", "municipal_deputy", ("党组成员",) * 2, 48, 54),
        Post("division_head", "division_head", ("科长",) * 14),
        Post("division_deputy", "division_deputy", ("副科长",) * 14, 8, 54),
    ),
    "enterprise": (
        Post("secretary", "municipal_deputy", ("党委书记",)),
        Post("chief", "municipal_deputy", ("{head}",)),
        Post("deputy", "division_head", ("副{head}",) * 4),
        Post("member", "division_head", ("党委委员",)),
    ),
    "institution": (
        Post("secretary", "municipal_deputy", ("党委书记",)),
        Post("chief", "municipal_deputy", ("{head}",)),
        Post("deputy", "division_head", ("副{head}",) * 4),
    ),
}
STAFF_WEIGHT = {
    "township": 12,
    "county_department": 14,
    "municipal_department": 20,
    "enterprise": 24,
    "institution": 24,
}
"""How the people without a leading post spread over the units."""
STAFF_TITLE = "管理人员"
NO_RANKS = ("enterprise", "institution")
"""Bodies without civil-service ranks."""

SPARE = {
    "township_principals_around_35": 4,
    "township_secretaries_around_35": 1,
    "township_principals_35": 0,
    "township_secretaries_35": -6,
    "township_team_35": -14,
    "county_departments_around_35": -1,
    "municipal_divisions_40": 150,
    "municipal_divisions_around_35": -38,
}
"""People above (below) the need of a target in a city of 10,000; a smaller city scales it, but never to none."""
NEEDED = {("female", "government"): 1, ("female", "party"): 1, ("female", "congress"): 1, ("female", "consultative"): 1}
NEEDED |= {("outside", "congress"): 1, ("outside", "government"): 1, ("outside", "consultative"): 3}
"""Women and people outside the Party in each of a county's four teams."""
LACKING = {("female", "government"): 5, ("outside", "congress"): 2, ("outside", "consultative"): 7}
"""The county (its place in COUNTIES) in which one of them is lacking."""


class Unit(NamedTuple):
    """A unit of the tree: `code` is dotted, below the city's; `region` is the county's number, 0 the city itself."""

    code: str
    name: str
    body: str
    organ: str | None = None
    region: int = 0
    head: str = ""
    team: tuple[tuple[Post, int], ...] = ()
    """Its posts, each with the number of seats."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The units of one city and an array over its seats for each of their properties, as places in the tables above."""

    units: tuple[Unit, ...]
    titles: tuple[str, ...]
    unit: Ints
    role: Ints
    rung: Ints
    title: Ints
    region: Ints
    level: Ints
    beside: Ints
    """Seats with a second posting, a row each: seat, unit, role, title."""

    @functools.cache  # noqa: B019 - layouts are few and live as long as the module
    def of_rungs(self, rungs: tuple[str, ...]) -> Ints:
        """The seats of some rungs."""
        return np.flatnonzero(np.isin(self.rung, [RUNG[name] for name in rungs]))

    def seats(self, body: str, roles: Sequence[str], organ: str | None = None) -> Ints:
        """The seats of some roles in every unit of a body (and organ)."""
        units = [each.body == body and organ in (None, each.organ) for each in self.units]
        return np.flatnonzero(np.array(units)[self.unit] & np.isin(self.role, [ROLES.index(role) for role in roles]))


def generate(
    store: landing.Store, *, people: int = 10_000, years: int = 10, seed: int = 1, month: int = 202610
) -> None:
    """Land a synthetic city, or as many as it takes for `people` in post at `month` (YYYYMM), with `years` of careers.

    The same people, years, seed and month give the same rows. ValueError where there are too few people or no years.
    """
    with landing.batch(store, month=month, replace=True) as batch:
        for tables in chunks(people=people, years=years, seed=seed, month=month):
            for source, table in tables.items():
                batch.write(source, table)


def chunks(
    *, people: int, years: int, seed: int, month: int, cities: int = CITIES_A_CHUNK
) -> Iterator[dict[str, pa.Table]]:
    """The same rows as `generate` lands, a few cities at a time: a table each of unit, member and posting."""
    if people < FEWEST_PEOPLE or years < 1:
        message = (
            f"A sample has at least {FEWEST_PEOPLE} people and 1 year; {people} people and {years} years were asked."
        )
        raise ValueError(message)
    made = _cities(people, years, seed, month)
    while some := list(itertools.islice(made, cities)):
        yield {source: pa.concat_tables(city[source] for city in some) for source in contract.SOURCES}


def _cities(people: int, years: int, seed: int, month: int) -> Iterator[dict[str, pa.Table]]:
    count = max(1, round(people / PEOPLE_A_CITY))
    known = 0
    for city in range(count):
        size = people // count + (city < people % count)
        rng = np.random.default_rng([seed, city])
        careers = _simulate(layout(size), rng, months.number(month), years * YEAR)
        tables = _tables(careers, rng, city + 1, known, months.number(month))
        known += tables["member"].num_rows
        yield tables


@functools.cache
def layout(people: int) -> Layout:
    """The units and seats of a city with so many seats; one of fewer than 10,000 is a small copy."""
    units = tuple(_units(min(1.0, people / PEOPLE_A_CITY)))
    teams = [
        (place, post, title.format(head=unit.head))
        for place, unit in enumerate(units)
        for post, count in unit.team
        for title in (post.titles + post.titles[-1:])[:count]
    ]
    seconds = [
        (seat, other, role, title.format(head=units[other].head))
        for seat, (place, post, _) in enumerate(teams)
        for organ, role, title in post.beside
        for other in (_team_beside(units, place, organ),)
    ]
    titles = tuple(dict.fromkeys([STAFF_TITLE, *(each[-1] for each in teams), *(each[-1] for each in seconds)]))
    leading = [(place, ROLES.index(post.role), RUNG[post.rung], titles.index(title)) for place, post, title in teams]
    beside = [(seat, place, ROLES.index(role), titles.index(title)) for seat, place, role, title in seconds]
    weights = np.array([STAFF_WEIGHT.get(unit.body, 0) for unit in units])
    staff = [(place, ROLES.index("other"), RUNG[STAFF], 0) for place in _spread(people - len(teams), weights)]
    unit, role, rung, title = np.array(leading + staff).T
    region = np.array([each.region for each in units])[unit]
    return Layout(units, titles, unit, role, rung, title, region, RUNG_LEVEL[rung], np.array(beside))


def _team_beside(units: Sequence[Unit], place: int, organ: str) -> int:
    wanted = (units[place].region, "county_leadership", organ)
    return next(other for other, unit in enumerate(units) if (unit.region, unit.body, unit.organ) == wanted)


def _spread(people: int, weight: Ints) -> Ints:
    """A unit for each of the people, in proportion to the weights."""
    edges = np.cumsum(weight) * people // weight.sum()
    return np.repeat(np.arange(len(weight)), np.diff(edges, prepend=0))


def _units(scale: float) -> Iterator[Unit]:
    counties = COUNTIES[: math.ceil(len(COUNTIES) * scale)]
    yield Unit("", "示例市", "city")
    for region, name in enumerate(counties, start=1):
        yield Unit(f".{region:03d}", name, "county", region=region)
    yield from _teams_of_counties(counties)
    yield from _departments(counties, scale)
    yield from _townships(counties, scale)
    yield from _municipal(scale)


def _teams_of_counties(counties: Sequence[str]) -> Iterator[Unit]:
    for region, name in enumerate(counties, start=1):
        heads = {
            "party": f"{name[-1]}委",
            "congress": "人大常委会",
            "government": f"{name[-1]}长",
            "consultative": "政协",
        }
        names = {"party": "委", "congress": "人大常委会", "government": "政府", "consultative": "政协"}
        for place, organ in enumerate(heads, start=1):
            team = _team(organ, region)
            yield Unit(
                f".{region:03d}.{place:03d}",
                name + names[organ],
                "county_leadership",
                organ,
                region,
                heads[organ],
                team,
            )


def _departments(counties: Sequence[str], scale: float) -> Iterator[Unit]:
    offices = [(name, "party") for name in PARTY_OFFICES.split()] + [
        (name, "government") for name in COUNTY_OFFICES.split()
    ]
    for index in range(_scaled(9 * len(offices), scale)):
        place, county = divmod(index, len(counties))
        name, organ = offices[place]
        yield _unit(
            "county_department",
            index,
            f".{county + 1:03d}.{place + 11:03d}",
            counties[county] + name,
            organ,
            county + 1,
        )


def _townships(counties: Sequence[str], scale: float) -> Iterator[Unit]:
    for index in range(_scaled(132, scale)):
        place, county = divmod(index, len(counties))
        row, tree = divmod(index, len(TREES))
        stem = TREES[tree] + PLACES[(tree + row) % len(PLACES)]
        kind = "街道" if index % 3 and counties[county].endswith("区") else "镇" if index % 7 else "乡"
        yield _unit(
            "township", index, f".{county + 1:03d}.{place + 101:03d}", counties[county] + stem + kind, None, county + 1
        )


def _municipal(scale: float) -> Iterator[Unit]:
    organs = {
        "市人大常委会办公室": "congress",
        "市政协办公室": "consultative",
        "市中级人民法院": "court",
        "市人民检察院": "procuratorate",
    }
    organs |= dict.fromkeys(CITY_PARTY_OFFICES.split(), "party") | dict.fromkeys(CITY_OFFICES.split(), "government")
    for index, name in enumerate(list(organs)[: _scaled(len(organs), scale)]):
        yield _unit("municipal_department", index, f".{index + 101:03d}", name, organs[name])
    for first, body, names in ((201, "enterprise", ENTERPRISES), (301, "institution", INSTITUTIONS)):
        for index, name in enumerate(names.split()[: _scaled(len(names.split()), scale)]):
            yield _unit(body, index, f".{index + first:03d}", f"示例市{name}")


def _scaled(count: int, scale: float) -> int:
    return max(1, round(count * scale))


def _unit(body: str, index: int, code: str, name: str, organ: str | None = None, region: int = 0) -> Unit:
    return Unit(code, name, body, organ, region, SUFFIX_HEADS.get(name[-1], "主任"), _team(body, index))


def _team(kind: str, index: int) -> tuple[tuple[Post, int], ...]:
    def more(post: Post) -> int:
        return (index + 1) * post.more // post.more_of - index * post.more // post.more_of

    return tuple((post, len(post.titles) + more(post)) for post in POSTS[kind])


@dataclass(slots=True)
class People:
    """Everyone who ever held a seat, an array a property; months are counted from year 0."""

    birth: Ints
    female: Bools
    worker: Bools
    level: Ints
    """The highest of LEVELS that they reached, as its place."""

    def __len__(self) -> int:
        return len(self.birth)

    def join(self, others: "People") -> None:
        """Append others at the end."""
        for name in self.__slots__:
            setattr(self, name, np.concatenate([getattr(self, name), getattr(others, name)]))


class Careers:
    """Who sits where, since when, and the spells that have ended: people leave seats and take seats, nothing else."""

    def __init__(self, city: Layout, rng: np.random.Generator, today: int) -> None:
        """Fill every seat on the first day with people of the age that its rung stands at."""
        self.city, self.rng = city, rng
        self.people = _first_people(city, rng, today)
        self.holder = np.arange(len(city.unit))
        grown_up = today - self.people.birth - 22 * YEAR
        self.since = today - np.minimum(rng.integers(1, 8 * YEAR, len(city.unit)), grown_up)
        self.held = self.people.level.copy()
        self.ended: list[Ints] = []

    def leave(self, seats: Ints, month: int | Ints, reason: str | Ints) -> Ints:
        """Empty seats at a month for a reason; return who sat there."""
        people = self.holder[seats]
        code = REASONS.index(reason) if isinstance(reason, str) else reason
        spells = np.empty((6, len(seats)), np.int64)
        for column, values in enumerate((people, seats, self.held[seats], self.since[seats], month, code)):
            spells[column] = values
        self.ended.append(spells)
        self.holder[seats] = -1
        return people

    def take(self, seats: Ints, people: Ints, month: int) -> None:
        """Seat people from a month on; a seat without level of its own keeps the level they have reached."""
        self.people.level[people] = np.minimum(self.people.level[people], self.city.level[seats])
        staff = self.city.rung[seats] == RUNG[STAFF]
        self.held[seats] = np.where(staff, self.people.level[people], self.city.level[seats])
        self.holder[seats], self.since[seats] = people, month

    def move(self, seats: Ints, to: Ints, month: int) -> None:
        """Move the holders of seats to others, which are empty or left at the same time."""
        higher = self.city.level[to] < self.held[seats]
        reason = np.where(higher, REASONS.index("promoted"), REASONS.index("moved"))
        self.take(to, self.leave(seats, month, reason), month)

    def empty(self, rung: str) -> Ints:
        """The empty seats of a rung."""
        seats = self.city.of_rungs((rung,))
        return seats[self.holder[seats] < 0]

    def ready(self, rungs: tuple[str, ...], now: int) -> Ints:
        """The seats of some rungs whose holders have sat there long enough to move."""
        seats = self.city.of_rungs(rungs)
        return seats[(self.holder[seats] >= 0) & (self.since[seats] <= now - SERVED)]

    def spells(self) -> Ints:
        """All spells, a column each: person, seat, level, start, end (0 if it goes on), reason."""
        seats = np.flatnonzero(self.holder >= 0)
        none = np.zeros(len(seats), np.int64)
        now = np.stack([self.holder[seats], seats, self.held[seats], self.since[seats], none, none])
        return np.concatenate([*self.ended, now], axis=1)


def _first_people(city: Layout, rng: np.random.Generator, today: int) -> People:
    count = len(city.unit)
    staff = city.rung == RUNG[STAFF]
    spans = ((rung.standing, rung.age - 2 * rung.spread, rung.line) for rung in RUNGS)
    standing, youngest, line = (np.array(ages)[city.rung] for ages in zip(*spans, strict=True))
    age = np.clip(rng.normal(standing, FIRST_SPREAD, count), youngest, line)
    age = np.where(staff, rng.uniform(23, 59, count), age)
    people = _people(today - (age * YEAR).astype(np.int64), rng)
    grown = np.where(age > MIDDLE_AGE, rng.choice(len(LEVELS), count, p=STAFF_LEVELS), JUNIOR)
    people.level = np.where(staff, grown, city.level)
    late = _due(people, np.arange(count)) <= today
    people.birth[late] += 6 * YEAR
    return people


def _people(birth: Ints, rng: np.random.Generator) -> People:
    """New people; the later born, the more women among them."""
    female = rng.random(len(birth)) < np.clip(0.18 + (birth / YEAR - 1965) * 0.007, 0.18, 0.42)
    return People(birth, female, rng.random(len(birth)) < WORKERS, np.full(len(birth), JUNIOR))


def _simulate(city: Layout, rng: np.random.Generator, today: int, span: int) -> Careers:
    """Careers of the `span` months up to and with today."""
    careers = Careers(city, rng, today - span)
    waves = {tier: {months.number(wave) for wave in waves} for tier, waves in WAVES.items()}
    steps = {*range(today, today - span - 1, -STEP), today - span}
    steps |= {wave for of_tier in waves.values() for wave in of_tier if today - span < wave <= today}
    for before, now in itertools.pairwise(sorted(steps)):
        new_term = np.array([now in waves[rung.tier] for rung in RUNGS])
        _retire(careers, before, now)
        _exit(careers, before, now)
        aside = _step_down(careers, new_term, now)
        _turn(careers, new_term, now)
        for rung in range(RUNG[STAFF]):
            _promote(careers, rung, now, new_term=bool(new_term[rung]))
        _set_aside(careers, *aside, now)
        _recruit(careers, now)
    return careers


def due(birth: Ints, female: Bools, worker: Bools, senior: Bools) -> Ints:
    """The statutory retirement month by the rule of the 2024 decision; months are counted from year 0."""
    base = limit(female, worker, senior)
    step, cap = np.where(base < WOMEN, 2, 4), np.where(base < WOMEN, 60, 36)
    months_in = birth + base * YEAR - 2025 * YEAR + 1
    delayed: Ints = birth + base * YEAR + np.clip(-(-months_in // step), 0, cap)
    return delayed


def limit(female: Bools, worker: Bools, senior: Bools) -> Ints:
    """The age of retirement before the reform; women of county level and above retire as men do."""
    return np.where(~female | senior, MEN, np.where(worker, WOMEN_WORKERS, WOMEN))


def _due(people: People, who: Ints) -> Ints:
    return due(people.birth[who], people.female[who], people.worker[who], people.level[who] <= SENIOR)


def _retire(careers: Careers, before: int, now: int) -> None:
    old = np.flatnonzero((careers.holder >= 0) & (now - careers.people.birth[careers.holder] >= 50 * YEAR))
    month = _due(careers.people, careers.holder[old])
    reached = month <= now
    careers.leave(old[reached], np.maximum(month[reached], before + 1), "retired")


def _exit(careers: Careers, before: int, now: int) -> None:
    rate = EXITS_A_YEAR * (now - before) / YEAR
    seats = np.flatnonzero((careers.holder >= 0) & (careers.rng.random(len(careers.holder)) < rate))
    month = careers.rng.integers(before + 1, now + 1, len(seats))
    reason = careers.rng.choice([REASONS.index(name) for name in EXITS], len(seats), p=list(EXITS.values()))
    careers.leave(seats, month, reason)


def _step_down(careers: Careers, new_term: Bools, now: int) -> tuple[Ints, Ints]:
    """Leading posts left by age; who left them and in which county."""
    rung = careers.city.rung
    line, room = (np.array(ages)[rung] for ages in zip(*((each.line, each.room) for each in RUNGS), strict=True))
    age = (now - careers.people.birth[careers.holder]) / YEAR
    chance = np.where(new_term[rung], PAST_ROOM[True], PAST_ROOM[False])
    chance = np.where(age >= line, PAST_LINE, np.where(age >= room, chance, 0))
    seats = np.flatnonzero((careers.holder >= 0) & (rung != RUNG[STAFF]) & (careers.rng.random(len(rung)) < chance))
    return careers.leave(seats, now, "other"), careers.city.region[seats]


def _turn(careers: Careers, new_term: Bools, now: int) -> None:
    """Some of each rung change places, each to the next one's seat, mostly within the county."""
    rung = careers.city.rung
    share = np.where(new_term[rung], TURN[True], TURN[False])
    served = (careers.holder >= 0) & (now - careers.since >= SERVED) & (rung != RUNG[STAFF])
    seats = np.flatnonzero(served & (careers.rng.random(len(rung)) < share))
    seats = seats[np.lexsort((careers.rng.random(len(seats)), careers.city.region[seats], rung[seats]))]
    last = np.flatnonzero(np.diff(rung[seats], append=-1))
    first = np.append(0, last[:-1] + 1) if len(last) else last
    to = np.roll(seats, -1)
    to[last] = seats[first]
    moving = to != seats
    careers.move(seats[moving], to[moving], now)


def _promote(careers: Careers, rung: int, now: int, *, new_term: bool) -> None:
    """Fill the empty seats of a rung from those below, nearest to the wanted age, mostly from the same county."""
    rng, city, rule = careers.rng, careers.city, RUNGS[rung]
    seats = careers.empty(rule.name)
    seats = seats[rng.random(len(seats)) >= VACANT]
    pool = careers.ready(rule.sources, now) if len(seats) else seats
    seats = seats[: len(pool)]
    if not len(seats):
        return
    away = rng.random(len(seats)) < AWAY
    region = np.where(away, city.region[rng.choice(pool, len(seats))], city.region[seats])
    wanted = rng.normal(rule.age - WAVE_YOUTH * new_term, rule.spread, len(seats)) * YEAR
    age = now - careers.people.birth[careers.holder[pool]]
    taken, places = _match(_key(city.region[pool], age), _key(region, wanted.astype(np.int64)))
    careers.move(pool[taken], seats[places], now)


def _set_aside(careers: Careers, people: Ints, region: Ints, now: int) -> None:
    """Those who stepped down take seats without leadership near where they were; for whom there is none retires."""
    seats = careers.empty(STAFF)
    people, region = people[: len(seats)], region[: len(seats)]
    taken, places = _match(careers.city.region[seats], region)
    careers.take(seats[taken], people[places], now)


def _recruit(careers: Careers, now: int) -> None:
    """Fill every seat at the foot with newcomers: most from school, some from elsewhere."""
    rng, seats = careers.rng, careers.empty(STAFF)
    share, mean, spread = zip(*RECRUITS, strict=True)
    kind = rng.choice(len(RECRUITS), len(seats), p=share)
    age = rng.normal(np.array(mean)[kind], np.array(spread)[kind])
    fresh = _people(now - (np.clip(age, 22, 45) * YEAR).astype(np.int64), rng)
    careers.people.join(fresh)
    careers.take(seats, np.arange(len(careers.people) - len(seats), len(careers.people)), now)


def _key(region: Ints, age: Ints) -> Ints:
    """One number to sort by region and then by age in months (under 100 years)."""
    return region * (100 * YEAR) + age


def _match(pool: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Pair each wanted key with another of the pool, the next not below it as far as there are: places in both.

    The pool must hold as many as are wanted. Both are walked in order, so no place of the pool is used twice.
    """
    (keys, order), (wishes, places) = _sorted(pool), _sorted(wanted)
    count = np.arange(len(wishes))
    found = np.maximum.accumulate(np.searchsorted(keys, wishes) - count) + count
    return order[np.minimum(found, len(keys) - len(wishes) + count)], places


def _sorted(keys: Ints) -> tuple[Ints, Ints]:
    """The keys in order and their places; sorting key and place as one number is faster than argsort, and stable."""
    both = np.sort((keys << PLACE_BITS) + np.arange(len(keys)))
    return both >> PLACE_BITS, both & ((1 << PLACE_BITS) - 1)


def _tables(careers: Careers, rng: np.random.Generator, number: int, known: int, today: int) -> dict[str, pa.Table]:
    """The rows of one city; `known` people came before it."""
    spells = careers.spells()
    postings = _postings(careers.city, spells)
    return {
        "unit": _unit_table(careers.city, number),
        "member": _member_table(careers, spells, rng, known, today),
        "posting": _posting_table(careers, postings, rng, f"{number:03d}", known, today),
    }


def _unit_table(city: Layout, number: int) -> pa.Table:
    prefix = f"{number:03d}"
    root = [city.units[0].name if number == 1 else f"示例{number}市"]
    columns = {
        "unit_id": [prefix + unit.code for unit in city.units],
        "name": root + [unit.name for unit in city.units[1:]],
        "parent_id": [prefix + unit.code.rpartition(".")[0] if unit.code else None for unit in city.units],
        "body": [unit.body for unit in city.units],
        "organ": [unit.organ for unit in city.units],
        "approved_chiefs": [_approved(unit, CHIEFS) for unit in city.units],
        "approved_deputies": [_approved(unit, DEPUTIES) for unit in city.units],
        "approved_divisions": [_approved(unit, DIVISIONS) for unit in city.units],
    }
    return _table("unit", columns)


def _approved(unit: Unit, roles: Sequence[str]) -> int | None:
    """The approved posts of some roles; None for a unit without a team of its own."""
    return sum(seats for post, seats in unit.team if post.role in roles) if unit.team else None


def _member_table(careers: Careers, spells: Ints, rng: np.random.Generator, known: int, today: int) -> pa.Table:
    people = careers.people
    count = len(people)
    precision = rng.choice(4, count, p=PRECISIONS)
    only_year = precision == YEAR_ONLY
    people.birth[only_year] -= people.birth[only_year] % YEAR
    _settle_ages(careers, precision == MISSING, today)
    party = _parties(careers, spells, rng)
    senior = people.level <= SENIOR
    stored = (rng.random(count) < STORED) & (precision > YEAR_ONLY)
    retires = due(people.birth, people.female, people.worker, senior)
    day = np.where(precision == TO_THE_DAY, rng.integers(1, 29, count), 0)
    birth = np.where(only_year, people.birth // YEAR * 10_000, _date(people.birth, day))
    return _table(
        "member",
        {
            "person_id": _ids(np.arange(count), known),
            "name": _names(rng, count),
            "sex": _words(people.female, ("male", "female")),
            "birth": _ints(birth, precision == MISSING),
            "party": _words(party, PARTIES),
            "identity": _words(people.worker, ("cadre", "worker")),
            "retire_month": _ints(_date(retires, 0) // 100, ~stored),
            "age_limit": _ints(limit(people.female, people.worker, senior), rng.random(count) >= STORED_LIMIT),
        },
    )


def _settle_ages(careers: Careers, missing: Bools, today: int) -> None:
    """Shift a few births by whole years, those nearest an age line first, until today's teams stand as SPARE says."""
    city = careers.city
    birth = np.where(missing, 0, careers.people.birth)
    for body, roles, age, young in _settlings(careers):
        people = careers.holder[city.seats(body, roles)]
        people = people[people >= 0]
        order = people[np.argsort(-birth[people], kind="stable")]
        inside = birth[order] - (today - age * YEAR)
        wanted = np.arange(len(order)) < young
        younger, older = wanted & (inside <= 0), ~wanted & (inside > 0)
        birth[order] += YEAR * (younger * (-inside // YEAR + 1) - older * -(-inside // YEAR))
    careers.people.birth = np.where(missing, careers.people.birth, birth)


def _settlings(careers: Careers) -> Iterator[tuple[str, tuple[str, ...], int, int]]:
    """Body, roles, age and how many shall be younger; of two lines of the same people the older comes first."""
    scale = min(1.0, len(careers.holder) / PEOPLE_A_CITY)

    def wanted(target: str, part: int, whole: int, of: int) -> int:
        spare = SPARE[target]
        scaled = int(math.copysign(max(1, round(abs(spare) * scale)), spare)) if spare else 0
        return max(0, math.ceil(of * part / whole) + scaled)

    def in_post(body: str, roles: Sequence[str]) -> int:
        return int((careers.holder[careers.city.seats(body, roles)] >= 0).sum())

    posts = len(careers.city.seats("township", CHIEFS))
    around = wanted("township_principals_around_35", 1, 5, posts)
    under = wanted("township_principals_35", 3, 20, posts)
    secretaries_around = wanted("township_secretaries_around_35", 1, 3, around)
    secretaries_under = wanted("township_secretaries_35", 1, 3, under)
    team = wanted("township_team_35", 3, 10, in_post("township", TEAM))
    departments, divisions = in_post("county_department", TEAM), in_post("municipal_department", DIVISIONS)
    yield "township", ("secretary",), 37, secretaries_around
    yield "township", ("chief",), 37, around - secretaries_around
    yield "township", ("secretary",), 36, secretaries_under
    yield "township", ("chief",), 36, under - secretaries_under
    yield "township", DEPUTIES, 36, team - under
    yield "county_department", TEAM, 37, wanted("county_departments_around_35", 3, 20, departments)
    yield "municipal_department", DIVISIONS, 41, wanted("municipal_divisions_40", 3, 20, divisions)
    yield "municipal_department", DIVISIONS, 37, wanted("municipal_divisions_around_35", 3, 20, divisions)


def _parties(careers: Careers, spells: Ints, rng: np.random.Generator) -> Ints:
    """The place in PARTIES of each person; settles the women and the people outside the Party of the county teams."""
    city, count = careers.city, len(careers.people)
    councillor = np.bincount(spells[0], city.rung[spells[1]] == RUNG["councillor"], count) > 0
    party_units = np.array([unit.organ == "party" for unit in city.units])[city.unit[spells[1]]]
    in_party = np.bincount(spells[0], party_units | (city.role[spells[1]] == ROLES.index("secretary")), count) > 0
    outside = (rng.random(count) < np.where(councillor, *OUTSIDERS)) & ~in_party
    flags = {"female": careers.people.female, "outside": outside}
    for (kind, organ), need in NEEDED.items():
        for county, team in enumerate(_county_teams(careers, organ)):
            lacking = LACKING.get((kind, organ)) == county
            _settle_flag(flags[kind], team, need, lacking=lacking)
    inside = np.where(rng.random(count) < PROBATION, PROBATIONARY, MEMBER)
    return np.where(outside, rng.integers(OUTSIDE, len(PARTIES), count), inside)


def _county_teams(careers: Careers, organ: str) -> Iterator[Ints]:
    """The people of one organ in each county, those with a second posting first."""
    city = careers.city
    for place, unit in enumerate(city.units):
        if unit.body == "county_leadership" and unit.organ == organ:
            beside = city.beside[city.beside[:, 1] == place, 0]
            people = careers.holder[np.append(beside, np.flatnonzero(city.unit == place))]
            yield people[people >= 0]


def _settle_flag(flag: Bools, team: Ints, need: int, *, lacking: bool) -> None:
    if lacking:
        flag[team] = False
    if lacking or flag[team].sum() < need:
        flag[team[len(team) - need + lacking :]] = True


class Postings(NamedTuple):
    """Spells in the order of people and months; `second` is the row of Layout.beside of a second posting, or -1."""

    person: Ints
    seat: Ints
    level: Ints
    start: Ints
    end: Ints
    reason: Ints
    second: Ints


def _postings(city: Layout, spells: Ints) -> Postings:
    beside = np.full(len(city.unit), -1)
    beside[city.beside[:, 0]] = np.arange(len(city.beside))
    second = beside[spells[1]]
    first = np.vstack([spells, np.full(spells.shape[1], -1)])
    every = np.concatenate([first, np.vstack([spells, second])[:, second >= 0]], axis=1)
    return Postings(*every[:, np.lexsort((every[3], every[0]))])


def _posting_table(
    careers: Careers, of: Postings, rng: np.random.Generator, prefix: str, known: int, today: int
) -> pa.Table:
    city = careers.city
    first, goes_on = of.second < 0, of.end == 0
    unit, role, title = np.where(
        first, (city.unit[of.seat], city.role[of.seat], city.title[of.seat]), _seconds(city, of)
    )
    rank = _rank(of.level, np.where(goes_on, today, of.end) - careers.people.birth[of.person])
    civil = np.array([each.body not in NO_RANKS for each in city.units])[unit]
    ranked = (city.rung[of.seat] == RUNG[STAFF]) & civil
    return _table(
        "posting",
        {
            "person_id": _ids(of.person, known),
            "unit_id": _words(unit, [prefix + each.code for each in city.units]),
            "post": _words(np.where(ranked, len(city.titles) + rank, title), city.titles + RANKS),
            "role": _words(role, ROLES),
            "level": _words(of.level, LEVELS),
            "rank": _words(rank, RANKS, ~ranked),
            "start": _ints(_date(of.start, _day(of.person, of.start))),
            "end": _ints(_date(of.end, _day(of.person, of.end)), goes_on),
            "end_reason": _words(of.reason, REASONS, goes_on),
            "primary": pa.array(first),
            "counted": pa.array(first & (rng.random(len(first)) >= UNCOUNTED)),
        },
    )


def _seconds(city: Layout, of: Postings) -> Ints:
    """Unit, role and title of second postings, a row each (anything where there is none)."""
    return city.beside[of.second, 1:].T


def _rank(level: Ints, age: Ints) -> Ints:
    """The place in RANKS: by level, and within it by age (months)."""
    lowest = np.array(LOWEST_RANK)[level]
    by_age = np.clip((age // YEAR - 20) // 6, 0, 5)
    return np.where(level == JUNIOR, by_age, lowest + (age >= 53 * YEAR))


def _day(person: Ints, month: Ints) -> Ints:
    """The day that is known of a move: the same for the post left and the post taken, none for four in five."""
    return np.where((person + month) % 5 == 0, (person * 7 + month * 13) % 28 + 1, 0)


def _date(month: Ints, day: Ints | int) -> Ints:
    """YYYYMMDD of months counted from year 0."""
    return month // YEAR * 10_000 + (month % YEAR + 1) * 100 + day


def _table(source: str, columns: dict[str, Any]) -> pa.Table:
    schema = contract.load(source).arrow_schema
    rows = len(next(iter(columns.values())))
    return pa.table({name: columns.get(name, pa.nulls(rows)) for name in schema.names}, schema=schema)


def _ids(person: Ints, known: int) -> pa.Array:
    digits = pc.utf8_lpad(pc.cast(pa.array(person + known + 1), pa.string()), 7, "0")
    return pc.binary_join_element_wise("P", digits, "")


def _names(rng: np.random.Generator, count: int) -> pa.Array:
    every = [a + b + c for a in SURNAMES for b in MIDDLES for c in STEMS]
    return _words(rng.integers(0, len(every), count), every)


def _words(places: npt.NDArray[Any], words: Sequence[str], null: Bools | None = None) -> pa.Array:
    """The words at these places, as strings."""
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32), mask=null), pa.array(words)).cast(
        pa.string()
    )


def _ints(values: Ints, null: Bools | None = None) -> pa.Array:
    return pa.array(values, mask=null).cast(pa.int32())
