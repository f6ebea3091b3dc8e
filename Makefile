# The two commands are `make run` and `make test`; bare `make` lists the rest.

VENV ?= .venv
ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c '$(ENOUGH)' 2>/dev/null && { command -v "$$name"; break; }; done)
BIN = $(VENV)/bin
RUN = $(VENV)/.run
TEST = $(VENV)/.test

.DEFAULT_GOAL := help
.PHONY: help run test check bench screenshots clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: $(RUN) ## open the dashboard on http://127.0.0.1:8501 (makes the environment and the example city the first time)
	$(BIN)/streamlit run dashboard.py

test: $(TEST) ## run every test, in a real browser too
	$(BIN)/python -m tests.browser.install
	$(BIN)/pytest $(ARGS)

check: $(TEST) ## format, lint, types and house rules
	$(BIN)/ruff format --diff .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_house.py

bench: $(TEST) ## measure the speed and print ratios; kill 200 landings and builds, each at another moment
	CADRE_KILLS=200 $(BIN)/pytest tests/test_killed.py
	$(BIN)/python -m tests.bench $(ARGS)

screenshots: $(TEST) ## take the pictures of README anew, and every page in build/screenshots
	$(BIN)/python -m tests.browser.install
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

clean: ## remove the environment and caches; the data in data/store stay
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './data/store/*' -prune -exec rm -rf {} +

$(RUN): requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(TEST): $(RUN) tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@
