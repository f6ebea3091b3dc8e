"""A briefing on paper: its HTML printed by a browser of this machine, without a window and without a network."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from data import sealing
from pages.parts.briefing import Briefing, BriefingError
from pages.parts.document import written

SECONDS = 90.0
NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
USUAL = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    *(
        f"{os.environ.get(folder, '')}/{program}"
        for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        for program in ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
    ),
)
ARGUMENTS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-quic"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=10000", "--force-color-profile=srgb"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline"),
)
DATES = re.compile(rb"(?<=Date \(D:)\d{14}(?=[+-]\d\d'\d\d'\))")
WHEN = b"20000101000000"
"""A file's own time: the same briefing printed by the same browser gives the same bytes."""
NODES = re.compile(rb"(?<=\(node)\d{8}(?=\))")
"""The numbers by which cells of tables name their headers: a browser counts on from what else it has been busy with."""


def pdf(briefing: Briefing) -> bytes:
    """Print a briefing; BriefingError where there is no browser or it does not print, saying what else can be done."""
    found = browser()
    if found is None:
        raise BriefingError(
            briefing.here.words(
                "Printing to PDF takes Chromium, Chrome or Edge, and none was found on this machine: install one, name"
                " it in BROWSER_PATH, or print the .html from any browser."
            )
        )
    return settled(_printed(found, written.html(briefing)))


def settled(paper: bytes) -> bytes:
    """The same PDF with a time of its own and its nodes numbered in their order, whenever it was printed."""
    numbers = {node: b"%08d" % place for place, node in enumerate(sorted({*NODES.findall(paper)}))}
    return NODES.sub(lambda node: numbers[node[0]], DATES.sub(WHEN, paper))


def browser() -> str | None:
    """Give the browser that BROWSER_PATH names, else the first that is found; None where there is none."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, (*NAMES, *USUAL))), None)


def _printed(browser: str, html: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="briefing-", dir=sealing.in_memory(), ignore_cleanup_errors=True) as folder:
        page, paper = Path(folder) / "briefing.html", Path(folder) / "briefing.pdf"
        page.write_bytes(html)
        command = [
            *(browser, *ARGUMENTS, *(["--no-sandbox"] if _is_root() else [])),
            *(f"--user-data-dir={folder}/profile", f"--print-to-pdf={paper}", page.as_uri()),
        ]
        with _running(command) as process:
            try:
                _, said = process.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                said = b"It took too long."
        if not paper.is_file():
            last = said.decode(errors="replace").strip().splitlines()[-1:]
            message = f"{browser} did not print the briefing ({' '.join(last)}); print the .html from any browser."
            raise BriefingError(message)
        return paper.read_bytes()


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a browser of which nothing is left at the end."""
    with subprocess.Popen(  # noqa: S603 (the browser that was found, and arguments of ours)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
