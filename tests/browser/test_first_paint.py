"""What a browser is sent until a page's first figure stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.bench import paint

MOST_COLD, MOST_WARM = 3_500_000, 500_000
"""Bytes; unpacked a page takes 8 million, and a page of Streamlit's with an empty figure 7.4 million."""


@pytest.mark.promise("paint.bytes")
def test_a_first_visit_is_sent_little_and_the_next_next_to_nothing(
    browser: Browser, app_url: str, record_property: Callable[[str, object], None]
) -> None:
    cold, warm = paint.cold_and_warm(browser, f"{app_url}/overview")
    record_property("bytes of a first visit, of the next", f"{cold.size:,}, {warm.size:,}")
    assert warm.size < MOST_WARM
    assert cold.size < MOST_COLD
