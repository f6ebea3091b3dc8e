"""How sure something is, in tenths and in words: never in hundredths, in either language."""

import pytest

from pages.parts import chance, words

CHINESE, ENGLISH = words.of("zh_CN"), words.of("en")


@pytest.mark.parametrize(
    ("likely", "english", "chinese"),
    [
        (0.0, "hardly any", "几乎没有把握"),
        (0.049, "hardly any", "几乎没有把握"),
        (0.05, "about 1 in 10", "约一成把握"),
        (0.149, "about 1 in 10", "约一成把握"),
        (0.15, "about 2 in 10", "约两成把握"),
        (0.25, "about 3 in 10", "约三成把握"),
        (0.5, "about 5 in 10", "约五成把握"),
        (0.72, "about 7 in 10", "约七成把握"),
        (0.95, "about 9 in 10", "约九成把握"),
        (0.951, "almost certain", "基本有把握"),
        (1.0, "almost certain", "基本有把握"),
    ],
)
def test_a_chance_is_said_in_tenths(likely: float, english: str, chinese: str) -> None:
    assert (chance.in_words(likely, ENGLISH), chance.in_words(likely, CHINESE)) == (english, chinese)


def test_a_level_that_is_aimed_at_is_a_whole_number_of_tenths() -> None:
    assert [chance.level(level, ENGLISH) for level in (0.5, 0.8, 0.9)] == ["5 in 10", "8 in 10", "9 in 10"]
    assert [chance.level(level, CHINESE) for level in (0.5, 0.8, 0.9)] == ["五成", "八成", "九成"]
