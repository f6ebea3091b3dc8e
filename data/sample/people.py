"""The people of a synthetic city: their births, sexes and invented names, and when the law retires them."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from data.month import MONTHS_A_YEAR as YEAR
from data.sample.ladder import JUNIOR, SENIOR, Bools, Ints

MEN, WOMEN, WOMEN_WORKERS = 60, 55, 50
"""Ages of retirement before the reform of 2025."""
WORKERS = 0.01
"""Share of workers among the people."""

SURNAMES = tuple("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎")
MIDDLES = tuple("样例拟")
STEMS = tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
NAMES = tuple(surname + middle + stem for surname in SURNAMES for middle in MIDDLES for stem in STEMS)


@dataclass(slots=True)
class People:
    """Everyone who ever held a seat, an array a property; months are counted from year 0."""

    birth: Ints
    female: Bools
    worker: Bools
    level: Ints
    """The highest of LEVELS that they reached, as its place."""

    @classmethod
    def born(cls, birth: Ints, rng: np.random.Generator) -> Self:
        """New people, a month of birth each; the later born, the more women among them."""
        female = rng.random(len(birth)) < np.clip(0.18 + (birth / YEAR - 1965) * 0.007, 0.18, 0.42)
        return cls(birth, female, rng.random(len(birth)) < WORKERS, np.full(len(birth), JUNIOR))

    def __len__(self) -> int:
        return len(self.birth)

    def join(self, others: "People") -> None:
        """Append others at the end."""
        for name in self.__slots__:
            setattr(self, name, np.concatenate([getattr(self, name), getattr(others, name)]))

    def due(self, who: Ints | slice = slice(None)) -> Ints:
        """The statutory retirement months of some people."""
        return due(self.birth[who], self.female[who], self.worker[who], self.level[who] <= SENIOR)

    def limit(self) -> Ints:
        """The ages of retirement before the reform."""
        return limit(self.female, self.worker, self.level <= SENIOR)


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
