"""How sure something is, as people say it: in tenths and in words, never in hundredths."""

from pages.parts.words import Words

HARDLY, ALMOST = 0.05, 0.95
NONE, ALL = 0, 10
TENTHS = "一两三四五六七八九"


def tenth(chance: float) -> int:
    """Give a chance (0 to 1) in the tenths that it is said in: NONE below one in twenty, ALL above nineteen."""
    if not HARDLY <= chance <= ALMOST:
        return ALL if chance > ALMOST else NONE
    return min(9, max(1, int(chance * 10 + 0.5 + 1e-9)))


def in_words(chance: float, say: Words) -> str:
    """Say a chance (0 to 1): about 7 in 10; hardly any; almost certain."""
    tenths = tenth(chance)
    if tenths in (NONE, ALL):
        return say("almost certain") if tenths else say("hardly any")
    return say("about {n} in 10").format(n=written(tenths, say))


def level(chance: float, say: Words) -> str:
    """Name a level that is aimed at, a whole number of tenths: 9 in 10."""
    return say("{n} in 10").format(n=written(round(chance * 10), say))


def written(tenths: int, say: Words) -> str:
    """Write tenths as the language does: 7, 七."""
    return say.pick(str(tenths), TENTHS[tenths - 1])
