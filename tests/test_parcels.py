"""How scripts reach the browser: packed and whole, named with the page; who takes no packed ones gets them plain."""

import gzip
import re
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import streamlit

from pages.parts import parcels

FOLDER = Path(streamlit.__file__).parent / "static"
SCRIPT = next((FOLDER / "static" / "js").glob("index.*.js"))
PLOTLY = next((FOLDER / "static" / "js").glob("PlotlyChart.*.js"))
STYLE = next((FOLDER / "static" / "css").glob("*.css"))


def got(url: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Headers (names in lower case) and body of an address, as they are sent."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urlopen(Request(url, headers=named)) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


@pytest.mark.parametrize("path", [SCRIPT, PLOTLY, STYLE], ids=["script", "figures", "style"])
def test_a_packed_file_is_the_file(app_url: str, path: Path) -> None:
    headers, body = got(f"{app_url}/{path.relative_to(FOLDER).as_posix()}", accept_encoding="br, gzip;q=0.8")
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(body) < path.stat().st_size / 2
    assert gzip.decompress(body) == path.read_bytes()


@pytest.mark.parametrize("asked", [{}, {"accept_encoding": "identity"}, {"accept_encoding": "gzip;q=0"}])
def test_who_takes_nothing_packed_gets_the_file_as_it_is(app_url: str, asked: dict[str, str]) -> None:
    headers, body = got(f"{app_url}/static/js/{SCRIPT.name}", **asked)
    assert "content-encoding" not in headers
    assert body == SCRIPT.read_bytes()


def test_a_part_of_a_file_is_a_part_of_the_file_as_it_is(app_url: str) -> None:
    headers, body = got(f"{app_url}/static/js/{SCRIPT.name}", accept_encoding="gzip", range="bytes=10-19")
    assert headers["content-range"] == f"bytes 10-19/{SCRIPT.stat().st_size}"
    assert body == SCRIPT.read_bytes()[10:20]


def test_a_packed_file_is_kept_as_long_as_any_other(app_url: str) -> None:
    packed, plain = (
        got(f"{app_url}/static/js/{SCRIPT.name}", accept_encoding=kind)[0] for kind in ("gzip", "identity")
    )
    assert packed["cache-control"] == plain["cache-control"]
    assert packed["vary"] == "Accept-Encoding"


def test_a_page_names_what_draws_its_figures_and_all_that_this_needs(app_url: str) -> None:
    headers, page = got(f"{app_url}/overview", accept="text/html")
    named = re.findall(r"<(/static/js/[^>]+)>; rel=modulepreload", headers["link"])
    assert f"/static/js/{PLOTLY.name}" in named
    there = {Path(name).name for name in named} | set(re.findall(r"js/([\w.-]+\.js)", page.decode()))
    needed = {name for path in there for name in parcels.IMPORTED.findall((PLOTLY.parent / path).read_text("utf-8"))}
    assert needed <= there


def test_nothing_else_names_it(app_url: str) -> None:
    assert "link" not in got(f"{app_url}/_stcore/health")[0]
