"""Gets what a real browser test needs: `python -m tests.browser.install`.

A browser and a Chinese font come from the package manager where this is Debian and one may install; elsewhere the
browser is Playwright's own. What is there already is left alone.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from playwright.sync_api import sync_playwright

from tests.browser import chromium

BROWSER, FONT = "chromium", "fonts-noto-cjk"
BY_HAND = (
    "No browser could be installed. Install Chromium or Chrome yourself (and a Chinese font), or run "
    "`python -m playwright install chromium`; until then the browser tests are skipped."
)


def main() -> int:
    """Install what is missing; say in one line what could not be; never stop the other tests."""
    missing = [*([] if has_browser() else [BROWSER]), *([] if has_chinese_font() else [FONT])]
    if missing:
        apt_install(missing)
    if not has_browser():
        run([sys.executable, "-m", "playwright", "install", "chromium"])
    say("The browser tests have what they need." if has_browser() else BY_HAND)
    return 0


def has_browser() -> bool:
    """Whether a browser can be started by name or by Playwright."""
    with sync_playwright() as playwright:
        return chromium.executable(playwright) is not None


def has_chinese_font() -> bool:
    """Whether Chinese can be drawn; where fontconfig is missing (Windows, macOS) the system brings a font."""
    lister = shutil.which("fc-list")
    if lister is None:
        return not sys.platform.startswith("linux")
    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout.strip())


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages as root or by sudo without a password; False where that is not possible."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    prefix = () if os.geteuid() == 0 else ("sudo", "-n")
    say(f"Installing {', '.join(packages)} …")
    return run([*prefix, apt, "update", "-qq"]) and run(
        [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "install", "-y", "-qq", *packages]
    )


def run(command: Sequence[str]) -> bool:
    """Run a command quietly; whether it succeeded."""
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
    except FileNotFoundError:
        return False


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
