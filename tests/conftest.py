"""What many tests start from: the twelve people, a small city, and the dashboard serving it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import landing, sample
from data.access import LOCAL
from data.store import Store
from pages.parts import tested, words
from pages.parts.briefing import Briefing
from queries import building, warehouse
from tests import briefings, promises
from tests.server import HOUSE, serving
from tests.stages import Stages, made

CADRE = Path(__file__).parent / "cadre"
CADRE_MONTH = 202610
SMALL_CITY = 800
DOOR = HOUSE / "pages" / "door.py"
PATIENCE = 60
OpenPage = Callable[..., AppTest]


def pytest_configure(config: pytest.Config) -> None:
    """Take down what comes of the tests that carry a promise."""
    config.pluginmanager.register(promises.Recorder())


@pytest.fixture(scope="session", autouse=True)
def nothing_in_the_background() -> Iterator[None]:
    """No page makes a back-test by itself, unless a test asks for one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(tested.SWITCH, tested.BY_HAND)
        yield


def opened(store: Store) -> warehouse.Warehouse:
    """The newest build of a store as someone sees it who may see everyone."""
    path = warehouse.newest(store)
    assert path is not None
    return warehouse.open_for(path, LOCAL)


@pytest.fixture(scope="session")
def cadre_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The twelve people that one can hold in one's head, landed and built."""
    store = Store(tmp_path_factory.mktemp("cadre"))
    landing.land(store, sorted(CADRE.glob("*.csv")), month=CADRE_MONTH)
    building.build(store, folder=CADRE / "policy")
    return store


@pytest.fixture(scope="session")
def twelve(cadre_store: Store) -> warehouse.Warehouse:
    """The twelve people, open to someone who may see everyone."""
    return opened(cadre_store)


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """The twelve people landed and built, and more that lands and is built then."""
    made_of = made(tmp_path_factory.mktemp("stages"))
    assert made_of.before.landed != made_of.landed.landed == made_of.built.landed
    assert made_of.before.answer == made_of.landed.answer != made_of.built.answer
    return made_of


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A synthetic city of 800 people in post with ten years of careers, landed and built."""
    store = Store(tmp_path_factory.mktemp("small_city"))
    sample.generate(store, people=SMALL_CITY)
    building.build(store)
    return store


@pytest.fixture(scope="session")
def city(small_city: Store) -> warehouse.Warehouse:
    """The small city, open to someone who may see everyone."""
    return opened(small_city)


@pytest.fixture(scope="session", params=words.LANGUAGES)
def everything(request: pytest.FixtureRequest, small_city: Store) -> Briefing:
    """Every figure that can be shown of the small city, in either language."""
    return briefings.made(small_city, briefings.EVERYTHING, language=request.param)


@pytest.fixture(scope="session")
def app_url(small_city: Store) -> Iterator[str]:
    """The address of the real dashboard, serving the small city."""
    with serving(small_city.root) as url:
        yield url


def well(app: AppTest) -> AppTest:
    """The same page, which ran to its end."""
    assert [problem.value for problem in app.exception] == []
    return app


@pytest.fixture
def page_store(cadre_store: Store) -> Store:
    """What `page` shows: the twelve people, unless a module has a `page_store` of its own."""
    return cadre_store


@pytest.fixture
def page(request: pytest.FixtureRequest, page_store: Store, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open the page that the module calls PAGE, or another, at an address: `page(lang="en")`, `page("overview")`."""
    monkeypatch.setenv("CADRE_STORE", str(page_store.root))

    def at(name: str = request.module.PAGE, /, **codes: str) -> AppTest:
        app = AppTest.from_file(DOOR, default_timeout=PATIENCE).switch_page(f"{name}.py")
        for code, value in codes.items():
            app.query_params[code] = value
        return well(app.run())

    return at
