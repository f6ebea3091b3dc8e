"""One window on the dashboard, with everything it asked the network for and complained about written down."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

from tests.server import LOOPBACK

OWN_SCHEMES = ("data", "blob")
# On a deep link Streamlit's own script tries these below the page's address first, and the browser reports the 404.
PROBES = ("/_stcore/health", "/_stcore/host-config")
SETTLED = "[data-testid='stApp'][data-test-script-state='notRunning']"


@dataclass
class Visit:
    """A page of a browser on the dashboard at `url`; `requests` and `complaints` fill from the first moment."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start writing down."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def open(self, path: str = "") -> Page:
        """Go to a path of the dashboard ("age_ladder?lang=en") and wait until it has settled."""
        self.page.goto(f"{self.url}/{path}")
        return self.settle()

    def settle(self) -> Page:
        """Wait until the script has run and nothing more is fetched."""
        self.page.wait_for_selector(SETTLED, state="attached")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def strangers(self) -> list[str]:
        """Addresses asked for that are not on this machine."""
        return [url for url in self.requests if not _stays(url)]

    def _hear(self, message: ConsoleMessage) -> None:
        probing = message.location["url"].endswith(PROBES)
        if message.type == "error" and not probing:
            self.complaints.append(message.text)


def _stays(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in OWN_SCHEMES or parts.hostname == LOOPBACK
