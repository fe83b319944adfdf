# `make` alone says what it can do.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
SAMPLE := data/sample
PEERS  := .venv-bench

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench costs peers soak spark sample docs lock clean

help: ## this list
	@echo "squiggle: customer journeys from exported event logs"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## build the sample's warehouse and report (start here)
	$(BIN)/squiggle run --project $(SAMPLE)
	@echo "(squiggle is $(BIN)/squiggle)"

test: $(VENV)/.developed ## everything CI runs: format, lint, types, tests (installs Chromium, Spark and Java if it can)
	@bash tests/setup_browser.sh
	@bash tests/setup_spark.sh $(BIN)/python
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n 2 --dist loadscope

check: $(VENV)/.developed ## format, lint and types only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.developed ## put code into shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(VENV)/.developed ## measure speed and memory; EVENTS=1000000,10000000
	$(BIN)/python -m tests.bench $(if $(EVENTS),--events $(EVENTS)) --links 1000000 \
		$(if $(wildcard $(PEERS)/.installed),--peers $(PEERS)/bin/python) \
		--out docs/bench.json --readme
	$(BIN)/python -m pytest -m bench -s -p no:randomly

costs: $(VENV)/.developed ## measure again what the progress expects of each step
	$(BIN)/python -m tests.bench --costs $(if $(EVENTS),--events $(EVENTS))

peers: $(PEERS)/.installed ## install what `make bench` measures beside

soak: $(VENV)/.developed ## the long tests too, and every property on many more examples
	$(BIN)/python -m pytest -m "not bench" --hypothesis-profile=soak -n 2 --dist loadscope

spark: $(VENV)/.developed ## all that is held against Spark, on whole exports and drawn logs, too
	@bash tests/setup_spark.sh $(BIN)/python
	$(BIN)/python -m pytest -m "not bench" tests/test_spark*.py tests/test_stars.py tests/test_engine.py

sample: $(VENV)/.installed ## make the sample's exports again (same seed, same bytes)
	$(BIN)/squiggle sample $(SAMPLE)

docs: $(VENV)/.installed ## write the generated docs again
	$(BIN)/squiggle docs docs

lock: $(VENV)/.developed ## pin the newest releases again (needs uv)
	uv pip compile pyproject.toml --group build $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock $(LOCK) -o requirements-dev.lock
	uv pip compile pyproject.toml --extra spark -c requirements-dev.lock $(LOCK) -o requirements-spark.lock

LOCK := --universal --python-version 3.11 --fork-strategy fewest --upgrade --quiet \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

clean: ## remove the environment, caches and what the demo made
	rm -rf $(VENV) $(PEERS) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -rf $(SAMPLE)/.squiggle $(SAMPLE)/journeys.duckdb* $(SAMPLE)/report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, made once: each step leaves a stamp and is repeated only when what it read changes.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "squiggle needs Python 3.11 or newer; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Making the environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python lacks its venv module; on Debian: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.runtime: requirements.lock $(VENV)/.made
	@echo "Installing the pinned libraries ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.runtime
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.developed: requirements-dev.lock $(VENV)/.installed
	@echo "Installing the pinned tools for tests ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(PEERS)/.installed: pyproject.toml
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --quiet install ".[bench]"
	@touch $@
