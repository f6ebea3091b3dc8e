"""Takes the pictures: `python -m tests.browser.screenshots [PAGE …]`.

Every page, in both languages and themes and on three screens, goes to build/screenshots; the few that README shows go
to pages/pictures. The city is the example city, so a picture shows invented people only.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.visit import Visit
from tests.server import HOUSE, PAGES, serving

EVERYTHING = HOUSE / "build" / "screenshots"
SHOWN = HOUSE / "pages" / "pictures"
Theme = Literal["light", "dark"]

LANGUAGES = ("zh_CN", "en")
THEMES: tuple[Theme, ...] = ("light", "dark")
SCREENS = ((1920, 1080), (1366, 768), (390, 844))
PAINTED = 1_000


class Picture(NamedTuple):
    """One page as one person would see it, and the file it goes to."""

    page: str
    language: str
    theme: Theme
    screen: tuple[int, int]
    file: Path


README_PICTURES = (
    Picture("overview", "zh_CN", "light", (1920, 1080), SHOWN / "overview.zh_CN.png"),
    Picture("overview", "en", "light", (1920, 1080), SHOWN / "overview.en.png"),
    Picture("age_ladder", "zh_CN", "light", (1366, 768), SHOWN / "age_ladder.zh_CN.png"),
    Picture("age_ladder", "en", "light", (1366, 768), SHOWN / "age_ladder.en.png"),
    Picture("age_ladder", "zh_CN", "dark", (1366, 768), SHOWN / "age_ladder.dark.png"),
)


def main(pages: Sequence[str]) -> int:
    """Take the pictures of the pages named, or of all, and those of README."""
    with (
        TemporaryDirectory() as store,
        serving(Path(store)) as url,
        sync_playwright() as playwright,
        chromium.launch(playwright) as browser,
    ):
        for picture in (*README_PICTURES, *every_view(pages or PAGES)):
            take(browser, url, picture)
    return 0


def every_view(pages: Sequence[str]) -> Iterator[Picture]:
    """Each page in each language and theme on each screen."""
    for page, language, theme, screen in product(pages, LANGUAGES, THEMES, SCREENS):
        name = f"{page}.{language}.{theme}.{screen[0]}x{screen[1]}.png"
        yield Picture(page, language, theme, screen, EVERYTHING / name)


def take(browser: Browser, url: str, picture: Picture) -> None:
    """Open the page and write what stands on the screen."""
    width, height = picture.screen
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=picture.theme)
    Visit(page, url).open(f"{picture.page}?lang={picture.language}")
    page.wait_for_timeout(PAINTED)
    picture.file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=picture.file, animations="disabled")
    page.close()
    sys.stdout.write(f"{picture.file.relative_to(HOUSE)}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
