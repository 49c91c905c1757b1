# The only entry to the project: `make help`. Everything lives in .venv; nothing is installed elsewhere.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test e2e check bench fix docs pictures messages migration lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Options for the program behind it go in ARGS: make test ARGS='-k stock -x'"

setup: $(VENV)/.project ## Install everything into .venv (uv where present, else venv and pip)

demo: setup ## Run the whole main job with simulated shops, and leave the site running
	$(BIN)/longshore demo $(ARGS)

test: setup ## Run the tests that need nothing but Python
	$(BIN)/pytest -m "not e2e" -n logical --maxprocesses 8 $(ARGS)

e2e: setup ## Run the tests in a browser and against Shopify's full schema (need Chromium and npm)
	@command -v chromium || command -v chromium-browser || command -v google-chrome || { \
		echo "make e2e needs Chromium: install it (Debian: apt-get install chromium chromium-driver)." >&2; exit 1; }
	@command -v npm || { \
		echo "make e2e needs npm, to obtain Shopify's schema: install Node.js with npm." >&2; exit 1; }
	$(BIN)/pytest -m e2e $(ARGS)

check: setup ## Lint, format, types and the arrows between the rooms; changes nothing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/pyright

bench: setup ## Measure the catalog import and the webhook intake against their goals
	$(BIN)/longshore bench catalog --json - $(ARGS)
	$(BIN)/longshore bench intake --json - $(ARGS)

fix: setup ## Mend what can be mended by itself: imports, format, simple lint
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: setup ## Write docs/howto/commands.md anew and check every document's links and words
	$(BIN)/python -m tools.docs

pictures: setup ## Draw the pictures of the main screens anew (needs Chromium)
	$(BIN)/python -m tools.pictures

messages: setup ## Collect and compile the texts of a language: make messages ARGS=de (needs GNU gettext)
	$(BIN)/python -m tools.messages $(ARGS)

migration: setup ## Write the first migration anew from the models (until the first release)
	$(BIN)/python -W ignore -m tools.initial_migration

lock: ## Renew the lock files after a change of dependencies (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv (https://docs.astral.sh/uv/)." >&2; exit 1; }
	$(UV) pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--python-version 3.11 --group dev --group build pyproject.toml -o requirements-dev.lock
	$(UV) pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--python-version 3.11 --group build -c requirements-dev.lock pyproject.toml -o requirements.lock

# Stamps keep each step from being repeated: the interpreter, what the lock names, the project.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Longshore needs Python 3.11 or newer; this is $$($(PYTHON) --version 2>&1). Try: make setup PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.lock: requirements-dev.lock | $(BIN)/python
ifneq ($(UV),)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $<
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
endif
	@touch $@

# Built by what the lock has installed: no download of build tools.
$(VENV)/.project: pyproject.toml $(VENV)/.lock
ifneq ($(UV),)
	$(UV) pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation -e .
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
endif
	@touch $@
