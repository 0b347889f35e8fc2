# Everything here makes what it needs into .venv, from hashed pins. No activation, no root, nothing else installed.
SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first interpreter that is new enough, whatever it is called.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
INSTALL := $(PIP) install --require-hashes
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate
WORKERS ?= 2

# Branches of the domain that the tests must pass through, per cent.
DOMAIN_COVERAGE ?= 100
CONVERSATIONS ?= ../shared/data/conversations/car_rental.jsonl

.PHONY: help run test check slow crash fuzz bench quality openapi pins clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run  ## Start everything: servers, API, worker, relay; prints the address and the demo logins
	@exec $(BIN)/usher dev

test: $(VENV)/.dev  ## Run the tests, on a real PostgreSQL and a real Valkey (WORKERS=2)
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow" --cov --cov-report=term --cov-fail-under=$(DOMAIN_COVERAGE)

check: $(VENV)/.dev  ## Style, types, architecture, sizes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_sizes.py
	$(BIN)/python scripts/check_hygiene.py

slow: $(VENV)/.dev  ## The tests that take their time: a fresh install from the pins, long fuzzing
	$(BIN)/python -m pytest -m slow $(ARGS)

crash: $(VENV)/.dev  ## Only the tests that kill processes and servers
	$(BIN)/python -m pytest -m crash $(ARGS)

fuzz: $(VENV)/.dev  ## Only the tests that throw chance at the API's contract
	USHER_FUZZ_EXAMPLES=$${USHER_FUZZ_EXAMPLES:-50} USHER_FUZZ_SEED=$${USHER_FUZZ_SEED:-$$(date +%s)} \
		$(BIN)/python -m pytest tests/journeys/test_contract_fuzzing.py $(ARGS)

bench: $(VENV)/.bench  ## Ours beside a bare handler and the usual stack; jobs; start (a quarter of an hour)
	$(BIN)/python -m bench.start
	$(BIN)/python -m bench.http
	$(BIN)/python -m bench.jobs

quality: $(VENV)/.run  ## Replay recorded conversations and score the assistant (CONVERSATIONS=file)
	@$(BIN)/usher migrate up >/dev/null
	$(BIN)/usher assist replay $(CONVERSATIONS) $(ARGS)

openapi: $(VENV)/.dev  ## Write docs/openapi.json and docs/problems.md anew from the code
	$(BIN)/python -m entrypoints.http.documents

pins: $(VENV)/.dev  ## Resolve the requirements anew (hashes, every platform, no index)
	$(COMPILE) $(ARGS) pyproject.toml -o requirements/runtime.txt
	for name in embedded build dev bench; do \
		$(COMPILE) $(ARGS) requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean:  ## Remove what was made here: .venv, caches, builds, and the data in .usher
	@case "$$(cat .usher/data-is-in 2>/dev/null)" in /var/lib/usher/?*) rm -rf "$$(cat .usher/data-is-in)";; esac
	rm -rf $(VENV) .usher dist build .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis .schemathesis .import_linter_cache
	find src tests migrations scripts bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Usher needs Python 3.11 or newer, and found none; name one: make PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { echo "No venv: on Debian and Ubuntu, install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements/runtime.txt requirements/embedded.txt requirements/build.txt pyproject.toml
	@echo "installing what Usher runs on (about half a minute, once)"
	@$(INSTALL) -r requirements/runtime.txt -r requirements/embedded.txt -r requirements/build.txt
	@$(PIP) install --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "installing what tests and checks need (once)"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	@$(INSTALL) -r requirements/bench.txt
	@touch $@
