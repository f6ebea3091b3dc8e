# The two commands are `make run` and `make test`; bare `make` lists the rest.

VENV ?= .venv
ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c '$(ENOUGH)' 2>/dev/null && { command -v "$$name"; break; }; done)
BIN = $(VENV)/bin
RUN = $(VENV)/.run
TEST = $(VENV)/.test
BENCH = $(VENV)/.bench
SPARK = $(VENV)/.spark
# One worker more than there are cores, as tests wait for browsers and servers.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

.DEFAULT_GOAL := help
.PHONY: help run test check lock advisories bench faults spark screenshots clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: $(RUN) ## open the dashboard on http://127.0.0.1:8501 (makes the environment and the example city the first time)
	$(BIN)/streamlit run dashboard.py

test: $(TEST) ## run every test, some at a time, in a real browser too (ARGS=tests/test_x.py for some)
	$(BIN)/python -m tests.browser.install
	PYTHONHASHSEED=202610 $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

check: $(TEST) ## format, lint, types, house rules, and whether anything is known against a pinned version
	$(BIN)/ruff format --diff .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_house.py tests/test_dependencies.py
	$(BIN)/python -m tests.advisories

lock: $(TEST) ## write requirements.lock anew, the hashes of every file of every pinned version
	for name in requirements requirements-spark tests/requirements tests/bench/requirements; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--no-deps --generate-hashes --no-header --no-annotate $$name.txt --output-file $$name.lock || exit 1; done

advisories: $(TEST) ## keep what is known today against every pinned version
	$(BIN)/python -m tests.advisories --keep

bench: $(BENCH) ## print one table of the speed, beside other ways (PostgreSQL where apt has it); ARGS=--keep keeps it
	$(BIN)/python -m tests.bench $(ARGS)

faults: $(TEST) ## kill 200 landings and builds and 24 servers, each at another moment
	CADRE_KILLS=200 CADRE_READERS=50 CADRE_SESSIONS=1000 $(BIN)/pytest tests/test_killed.py tests/test_served.py

spark: $(SPARK) ## install Apache Spark beside the rest, for builds that are past one machine (it needs Java 17)

screenshots: $(TEST) ## take the pictures of README anew, and every page in build/screenshots
	$(BIN)/python -m tests.browser.install
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

clean: ## remove the environment and caches; the data in data/store stay
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './data/store/*' -prune -exec rm -rf {} +

$(RUN): requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(TEST): $(RUN) tests/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

$(BENCH): $(TEST) tests/bench/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/bench/requirements.lock
	@touch $@

$(SPARK): $(RUN) requirements-spark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	@touch $@
