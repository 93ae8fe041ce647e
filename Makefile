# Needs git, make, and Python 3.11 or newer with venv. Everything else goes into .venv, at the
# versions that uv.lock names. `make` alone lists what there is.

PYTHON  ?= python3
WORKERS ?= 2

BIN   := .venv/bin
READY := .venv/.ready

# What marks a sentence in the program, and which of its arguments are messages.
MARKS := _ gettext ngettext:1,2 say say_many:1,2 tell tell_many:1,2 _counted:1,2 BadInput NotFound \
	NotAllowed Refused Conflict Busy Unreadable Corrupt TooMany DrafterError \
	require_length:3

export UV_PYTHON_DOWNLOADS := never
export NO_MKDOCS_2_WARNING := 1
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help demo story test test-full check bench messages language chromium clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' \
		| expand -t 12

.venv: $(READY) ## Make the environment, or bring it up to date

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.11" >&2; exit 1; }
	@if command -v uv >/dev/null; then \
		test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) .venv; \
	else \
		test -x $(BIN)/python || $(PYTHON) -m venv .venv; \
		test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv; \
	fi
	PATH="$$PATH:$(CURDIR)/$(BIN)" uv sync --frozen
	@touch $@

demo: $(READY) ## Start the example report and print the addresses to open
	$(BIN)/drafter demo

story: $(READY) ## Replay the example's story, and write what it ends in to drafts/ and amendments/
	$(BIN)/python -m drafter.demo.toplevel

test: $(READY) chromium ## Run every test, at reduced size (some ten minutes); databases: SQLite, PostgreSQL
	$(BIN)/python -m pytest -n $(WORKERS) -m "not full"

test-full: $(READY) chromium ## Run every test at its full size
	DRAFTER_FULL=1 $(BIN)/python -m pytest -n $(WORKERS) --timeout 3600

check: $(READY) ## Check format, lint, types, the arrows between packages, and the documents
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/docs

bench: $(READY) ## Measure speed on a generated report; print medians, ratios and targets
	$(BIN)/python -m benchmarks

messages: $(READY) ## Write anew what is to be translated (drafter/translations/messages.pot)
	$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --no-default-keywords \
		$(addprefix --keyword ,$(MARKS)) --no-location --sort-output --no-wrap \
		--omit-header --output drafter/translations/messages.pot drafter

language: $(READY) ## Begin the catalogue of a language: make language CODE=cy
	@test -n "$(CODE)" || { echo "Name the language: make language CODE=cy" >&2; exit 1; }
	@test ! -e drafter/translations/$(CODE).po || { echo "It is there already." >&2; exit 1; }
	$(BIN)/python -c "import sys; from drafter.services.languages import untranslated; \
		sys.stdout.buffer.write(untranslated('$(CODE)'))" > drafter/translations/$(CODE).po

chromium:
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq </dev/null && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium </dev/null; \
	else \
		echo "The browser tests need Chromium. Install it, then run this again:" >&2; \
		echo "    sudo apt-get install --no-install-recommends chromium" >&2; exit 1; \
	fi

clean: ## Remove caches and build output; the environment and every instance stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find benchmarks drafter tests -name __pycache__ -type d -prune -exec rm -rf {} +
