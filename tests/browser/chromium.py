"""Which browser the tests drive, and how it is started: Debian's chromium, or Playwright's own."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
MISSING = "No browser is installed; run `python -m tests.browser.install`."


def executable(playwright: Playwright) -> str | None:
    """The path of a browser on this machine, the system's own first; None where there is none."""
    own = playwright.chromium.executable_path
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (own if Path(own).is_file() else None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser without a window; FileNotFoundError says how to get one."""
    path = executable(playwright)
    if path is None:
        raise FileNotFoundError(MISSING)
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
