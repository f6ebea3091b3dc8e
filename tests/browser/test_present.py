"""A presentation as a room sees it: nothing but the figure, led by keys, and still live."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageAt
from tests.browser.visit import Visit

FIRST = "present?template=季度分析&lang=en"
CHROME = ("stSidebar", "stHeader", "stToolbar", "stMainMenu", "stExpandSidebarButton")


def number(page: Page) -> str:
    """Which of how many the figure on the screen says it is."""
    return page.locator(".leaf-foot b:visible").inner_text()


def finding(page: Page) -> str:
    """The finding on the screen."""
    return page.locator(".leaf-finding:visible").inner_text()


def begun(visit: Visit, path: str) -> Page:
    """Open a presentation and wait until its first figure is on the screen."""
    page = visit.open(path)
    page.locator(".leaf-finding:visible").wait_for()
    return page


def test_keys_lead_through_the_figures_and_the_address_keeps_the_place(page_at: PageAt) -> None:
    visit = page_at(1920, 1080)
    page = begun(visit, FIRST)
    for key, place in (("ArrowRight", 2), ("PageDown", 3), (" ", 4), ("ArrowLeft", 3), ("PageUp", 2), ("End", 19)):
        page.keyboard.press(key)
        expect(page.locator(".leaf-foot b:visible")).to_have_text(f"{place} / 19")
    page.wait_for_url("**at=19*")
    last = finding(page)
    page.reload()
    expect(page.locator(".leaf-finding:visible")).to_have_text(last)
    page.keyboard.press("Home")
    expect(page.locator(".leaf-foot b:visible")).to_have_text("1 / 19")
    assert visit.complaints == []


def test_a_key_uncovers_the_next_figure_without_asking_the_server(page_at: PageAt) -> None:
    page = begun(page_at(1920, 1080), FIRST)
    page.locator(".st-key-slot-2 .leaf-foot").wait_for(state="attached")
    page.context.set_offline(True)
    page.keyboard.press("ArrowRight")
    assert number(page) == "2 / 19"
    page.context.set_offline(False)


def test_nothing_but_the_figure_is_on_the_screen_and_its_type_is_read_from_afar(page_at: PageAt) -> None:
    page = begun(page_at(1920, 1080), "present?template=季度分析&lang=zh_CN&at=3")
    page.locator(".st-key-slot-0 .main-svg").first.wait_for()
    assert [name for name in CHROME if page.get_by_test_id(name).locator("visible=true").count()] == []
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.st-key-slot-0 .js-plotly-plot text')]
              .filter((text) => text.textContent.trim())
              .map((text) => parseFloat(getComputedStyle(text.querySelector('tspan') || text).fontSize))"""
    )
    assert len(sizes) > 20
    assert min(sizes) >= 22
    heading = page.locator(".leaf-finding:visible").evaluate("(head) => parseFloat(getComputedStyle(head).fontSize)")
    assert heading >= 44
    box = page.locator(".st-key-slot-0 .js-plotly-plot").bounding_box()
    assert box is not None
    assert box["height"] > 0.75 * 1080
    assert page.evaluate("() => document.documentElement.scrollHeight") <= 1080


def test_the_definition_lies_one_key_away_and_a_blank_screen_shows_nothing(page_at: PageAt) -> None:
    visit = page_at()
    page = begun(visit, FIRST)
    behind = page.locator(".leaf-behind:visible")
    page.keyboard.press("d")
    expect(behind).to_contain_text("Question: overview/status")
    page.keyboard.press("Escape")
    expect(behind).to_have_count(0)
    page.keyboard.press(".")
    black = "() => getComputedStyle(document.body, '::after').backgroundColor"
    assert page.evaluate(black) == "rgb(0, 0, 0)"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(black) != "rgb(0, 0, 0)"
    assert number(page) == "1 / 19"
    assert visit.complaints == []


def test_full_screen_language_theme_and_the_way_back(page_at: PageAt) -> None:
    visit = page_at()
    page = visit.open("age_ladder?lang=en&target=township_team_35&month=2026-12")
    page.get_by_role("link", name="Present this page").click()
    page.locator(".leaf-finding:visible").wait_for()
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement !== null")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("t")
    page.wait_for_url("**theme=dark*")
    page.keyboard.press("l")
    page.wait_for_url("**lang=zh_CN*")
    expect(page.locator(".leaf-foot b:visible")).to_contain_text("2 / ")
    assert page.evaluate("() => document.fullscreenElement !== null")
    page.evaluate("() => document.exitFullscreen()")
    page.wait_for_function("() => document.fullscreenElement === null")
    page.keyboard.press("Escape")
    page.wait_for_url("**/age_ladder?*")
    assert "target=township_team_35" in page.url
    assert "month=2026-12" in page.url
    page.get_by_test_id("stSidebarNavLink").first.wait_for()
    assert visit.complaints == []


def test_hover_works_and_focus_in_the_plot_loses_no_key(page_at: PageAt) -> None:
    page = begun(page_at(1920, 1080), f"{FIRST}&at=4")
    plot = page.locator(".st-key-slot-1 .js-plotly-plot")
    plot.locator(".barlayer path").last.wait_for(state="attached")
    bars = [bar.bounding_box() for bar in plot.locator(".barlayer path").all()]
    longest = max((bar for bar in bars if bar), key=lambda bar: bar["width"])
    page.mouse.move(longest["x"] + longest["width"] / 2, longest["y"] + longest["height"] / 2)
    expect(plot.locator(".hoverlayer .hovertext")).not_to_have_count(0)
    page.mouse.down()
    page.mouse.up()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".leaf-foot b:visible")).to_have_text("5 / 19")


def test_a_swipe_and_a_tap_at_the_edge_turn_the_page(page_at: PageAt) -> None:
    page = begun(page_at(844, 390), FIRST)
    touch = """([name, x]) => {
      const at = new Touch({ identifier: 1, target: document.body, clientX: x, clientY: 200 });
      const how = name === "touchstart" ? { touches: [at] } : { changedTouches: [at] };
      document.body.dispatchEvent(new TouchEvent(name, { bubbles: true, composed: true, ...how }));
    }"""
    for start, end, place in ((600, 300, 2), (820, 820, 3), (20, 20, 2), (300, 600, 1)):
        page.evaluate(touch, ["touchstart", start])
        page.evaluate(touch, ["touchend", end])
        expect(page.locator(".leaf-foot b:visible")).to_have_text(f"{place} / 19")
