# make setup, run, test, check, bench, lock; ARGS goes to the program: make test ARGS="-k crossings"
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench format lock
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
JOBS ?= 2

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 14

setup: ## .venv with everything and .venv/bin/holdwatch; quick when there is nothing to do
	@PYTHON='$(PYTHON)' scripts/setup.sh

run: setup ## runs the bot; with no configuration a SAMPLE day and a board on http://127.0.0.1:8080/board
	@$(BIN)/holdwatch run $(ARGS)

test: setup ## all tests, with the PostgreSQL, Slack and Telegram servers that they start
	@scripts/system-packages.sh node npm chromium
	@tests/standins/bolt/prepare.sh
	@$(BIN)/python -m compileall -q bot handlers storage tests
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal $(ARGS)

check: setup ## format, lint, types and the rules of the house
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -n 0 tests/test_house.py $(ARGS)

bench: setup ## side by side with peers, as ratios
	@$(BIN)/python -m tests.bench $(ARGS)

format: setup ## puts all files into the house's form
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

UV := build/uv/bin/uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url
# A lock holds hashes and no address; `make lock ARGS=--upgrade` takes newer versions.
lock: setup ## pins all dependencies again after a change in pyproject.toml
	@test -x $(UV) || { $(BIN)/python -m venv build/uv && build/uv/bin/python -m pip install --quiet uv; }
	@$(COMPILE) $(ARGS) pyproject.toml -o requirements.lock
	@$(COMPILE) $(ARGS) pyproject.toml --extra dev -o requirements-dev.lock
	@grep -o 'setuptools>=[0-9]*' pyproject.toml | head -n 1 | $(COMPILE) $(ARGS) - -o requirements-build.lock
