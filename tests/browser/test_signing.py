"""Signing in and out in a real browser, at a real provider of identities on this machine."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from data import audit
from data.store import Store
from tests.browser.visit import Visit
from tests.identities import let_in, providing, settings
from tests.server import get, serving

ADDRESS = "age_ladder?lang=en&unit=001&month=2026-08"
OpenVisit = Callable[[], Visit]


@pytest.fixture(scope="module")
def store(cadre_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The twelve people, apart, as sessions are written beside them."""
    own = Store(shutil.copytree(cadre_store.root, tmp_path_factory.mktemp("signed") / "store"))
    let_in(own, "zhang.san", "li.si")
    return own


@pytest.fixture(scope="module")
def url(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard that people sign in to, and the provider at which they do."""
    with providing() as provider:
        told = settings(tmp_path_factory.mktemp("home"), provider)
        with serving(store.root, settings=told) as address:
            yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has signed in with."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    yield context
    context.close()


def opened(context: BrowserContext, url: str, path: str = ADDRESS) -> Visit:
    """A window of a browser, at an address of the dashboard."""
    visit = Visit(context.new_page(), url)
    visit.page.goto(f"{url}/{path}")
    return visit


def sign_in(visit: Visit, login: str = "zhang.san", words: str = "Sign in") -> Page:
    """Go through the page to sign in at and the provider's."""
    visit.page.get_by_role("link", name=words, exact=True).click()
    visit.page.get_by_role("button", name=login).click()
    visit.page.wait_for_url(f"{visit.url}/**")
    return visit.page


def of_us(visit: Visit) -> list[str]:
    """What the browser complained of on pages of the dashboard."""
    return [told for told in visit.complaints if "ERR_" not in told and "404" not in told]


@pytest.mark.promise("signing.provider")
def test_whoever_signs_in_comes_to_the_page_they_asked_for_and_leaves_it_by_signing_out(
    context: BrowserContext, url: str, store: Store
) -> None:
    visit = opened(context, url)
    expect(visit.page.get_by_role("heading", name="Cadre workforce")).to_be_visible()
    page = sign_in(visit)
    visit.settle()
    assert page.url == f"{url}/{ADDRESS}"
    page.get_by_role("button", name="张三").click()
    expect(page.get_by_text("Signed in as zhang.san until")).to_be_visible()
    second = opened(context, url, "rotation?lang=en")
    second.settle()
    expect(second.page.get_by_role("button", name="张三")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/end_session**")
    second.page.get_by_role("link", name="Overview").click()
    expect(second.page.get_by_role("heading", name="您已退出登录")).to_be_visible()
    assert {cookie["name"] for cookie in context.cookies(url)} == {"_streamlit_xsrf"}
    entered = [(entry.act, entry.what) for entry in audit.of(store, who="zhang.san") if "signed" in entry.act]
    assert entered[:2] == [("signed out", "out"), ("signed in", "oidc")]
    assert (of_us(visit), of_us(second)) == ([], [])


@pytest.mark.promise("signing.provider")
def test_every_cookie_is_for_this_server_by_https_alone(context: BrowserContext, url: str) -> None:
    sign_in(visit := opened(context, url))
    visit.settle()
    cookies = {cookie["name"]: cookie for cookie in context.cookies(url)}
    assert {"cadre", "_streamlit_user", "_streamlit_xsrf"} <= cookies.keys()
    assert {name for name, cookie in cookies.items() if not cookie["secure"] or cookie["sameSite"] == "None"} == set()
    # Streamlit's own script reads this one, and says it back with whatever it sends
    assert {name for name, cookie in cookies.items() if not cookie["httpOnly"]} == {"_streamlit_xsrf"}


@pytest.mark.promise("signing.ends")
def test_a_session_that_ended_leads_by_signing_in_again_to_the_same_page_with_its_filters(
    context: BrowserContext, url: str, store: Store
) -> None:
    page = sign_in(visit := opened(context, url))
    visit.settle()
    with closing(sqlite3.connect(store.sessions)) as rows, rows:
        rows.execute("UPDATE session SET seen = seen - 1800")
    # Whoever comes first, a click or the look that is taken every few seconds, sends the screen away.
    page.evaluate("document.querySelector('a[href$=\"/rotation\"]')?.click()")
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible()
    expect(page.get_by_text("Nothing was done for 30 minutes.")).to_be_visible()
    sign_in(visit)
    visit.settle()
    assert page.url == f"{url}/{ADDRESS}"


@pytest.mark.promise("signing.everywhere")
def test_signing_out_everywhere_reaches_another_browser(browser: Browser, url: str, store: Store) -> None:
    with closing(browser.new_context()) as one, closing(browser.new_context()) as other:
        here, there = opened(one, url), opened(other, url)
        for visit in (here, there):
            sign_in(visit, "li.si")
            visit.settle()
        here.page.get_by_role("button", name="李四").click()
        here.page.get_by_role("button", name="Sign out everywhere").click()
        here.page.wait_for_url("**/end_session**")
        there.page.get_by_role("link", name="Rotation").click()
        expect(there.page.get_by_text("All sessions of this account were ended.")).to_be_visible()
    (entry,) = audit.of(store, act="signed out everywhere")
    assert (entry.who, entry.what, entry.more["sessions"]) == ("li.si", "li.si", 2)


@pytest.mark.promise("signing.nothing_unsigned")
def test_a_file_that_somebody_takes_is_refused_without_their_session(context: BrowserContext, url: str) -> None:
    page = sign_in(visit := opened(context, url, "timetable?lang=en"))
    visit.settle()
    with page.expect_download() as taken:
        page.get_by_role("button", name=".ics").first.click()
    assert urlsplit(taken.value.url).path.startswith("/media/")
    assert page.request.get(taken.value.url).status == 200
    assert get(taken.value.url)[0] == 401


@pytest.mark.promise("signing.let_in")
def test_whom_nobody_lets_in_is_told_so(context: BrowserContext, url: str) -> None:
    page = sign_in(opened(context, url, "overview?lang=zh_CN"), "sun.ba", "登录")
    expect(page.get_by_role("heading", name="您尚未获得授权")).to_be_visible()
    expect(page.get_by_text("当前账号：sun.ba。")).to_be_visible()
    expect(page.get_by_text("请联系信息科开通权限。")).to_be_visible()


def test_whoever_turns_back_at_the_provider_is_told_that_it_did_not_succeed(context: BrowserContext, url: str) -> None:
    visit = opened(context, url, "overview?lang=zh_CN")
    visit.page.get_by_role("link", name="登录").click()
    visit.page.get_by_role("button", name="Deny").click()
    expect(visit.page.get_by_role("heading", name="登录未成功")).to_be_visible()
    expect(visit.page.get_by_text("请联系信息科")).to_be_visible()
    visit.page.get_by_role("link", name="English").click()
    expect(visit.page.get_by_role("heading", name="Signing in did not succeed")).to_be_visible()
