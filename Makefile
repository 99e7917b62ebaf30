# make demo    a filled demonstration school at http://127.0.0.1:8000 (PORT= changes it)
# make start   an empty library of your own
# make test    every check and every test, on SQLite and PostgreSQL, browser included
# make check   the quick half of it: style, types, storeys, translations, dependencies
# make bundle  the wheel, in dist/
# make bench   how fast it is, beside a floor measured in the same run (SIZE=school is the quick part)
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo start test check bundle bench translations chromium

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input
WORDS := $(wildcard shuxiang/*/locale/zh_Hans/LC_MESSAGES/django.po docs/manual/*.md docs/manual/en/*.md)
export PIP_ROOT_USER_ACTION := ignore
export PYTHONUTF8 := 1
PYTEST := $(BIN)/python -m pytest -n 2
say = @printf '\n\033[1m%s\033[0m\n' "$(1)"

help:
	@sed -n 's/^# //p' Makefile

.venv/made:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: install python3 and python3-venv, then run make again."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) -V). Name another one: make PYTHON=…"; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv is missing: install the package python3-venv, then run make again."; exit 2; }
	$(call say,Making the virtual environment …)
	@$(PYTHON) -m venv .venv && touch $@

.venv/ready: .venv/made pyproject.toml hatch_build.py $(WORDS)
	$(call say,Fetching the libraries: about half a minute on a good line …)
	@$(PIP) install -e . && touch $@

.venv/ready-dev: .venv/made pyproject.toml hatch_build.py
	$(call say,Fetching the libraries and the tools for tests: about a minute on a good line …)
	@$(PIP) install -e '.[dev]' && touch $@

demo: export SHUXIANG_HOME := $(or $(SHUXIANG_HOME),$(CURDIR)/.home/demo)
demo: .venv/ready
	@exec $(BIN)/shuxiang demo

start: .venv/ready
	@exec $(BIN)/shuxiang start

translations: .venv/ready-dev
	@$(BIN)/python -m tools.messages compile
	@$(BIN)/python -m tools.manual

check: export SHUXIANG_HOME := $(CURDIR)/.home/check
check: .venv/ready-dev translations
	$(call say,Style)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet . && echo "ruff: no remarks"
	$(call say,Storeys)
	@$(BIN)/lint-imports | grep -E 'KEPT|BROKEN|->|imports|Contracts:' ; test $${PIPESTATUS[0]} -eq 0
	$(call say,Types)
	@$(BIN)/mypy
	$(call say,Translations)
	@$(BIN)/python -m tools.messages check
	$(call say,Dependencies as binaries for Windows)
	@$(BIN)/python -m tools.windows
	$(call say,Architecture)
	@$(PYTEST) tests/architecture
	@echo "make check: everything holds."

# what drives the pages in tests: Chromium, a Chinese font, and a library that Playwright's own program needs
chromium:
	@missing=; command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="chromium fonts-wqy-microhei"; \
	compgen -G '/usr/lib*/libatomic.so.1' >/dev/null || compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || [ "$$(uname)" != Linux ] || missing="$${missing:+$$missing }libatomic1"; \
	[ -z "$$missing" ] || { \
	  printf '\n\033[1mInstalling %s for the browser tests: about a minute …\033[0m\n' "$$missing"; \
	  as=; [ "$$(id -u)" -eq 0 ] || as=sudo; \
	  { $$as apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null \
	  || { echo "Could not be installed: $$missing. Install them, then run make test again."; exit 2; }; }

test: check chromium
	$(call say,Tests on SQLite)
	@SHUXIANG_TEST_DB=sqlite $(PYTEST) --ignore=tests/architecture
	$(call say,Tests on PostgreSQL)
	@$(BIN)/python -m tests.postgres $(PYTEST) --ignore=tests/architecture -m 'not browser and not engine_free'
	@echo "make test: every test passed, on SQLite and on PostgreSQL."

bundle: .venv/ready-dev
	$(call say,Building the wheel)
	@rm -rf dist && $(PIP) wheel --no-deps -w dist . && ls -1 dist

bench: .venv/ready-dev translations
	@$(BIN)/python -m tools.bench $(SIZE)
