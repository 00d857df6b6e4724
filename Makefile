# Everything here is also a plain command: `.venv/bin/insights --help`, `.venv/bin/mkdocs build`.
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help site serve test lint bench audit lock clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

.venv/site.stamp: requirements/site.lock pyproject.toml scripts/setup.sh
	@scripts/setup.sh site

.venv/test.stamp: .venv/site.stamp requirements/test.lock
	@scripts/setup.sh test

node_modules/insights.stamp: package-lock.json scripts/setup.sh
	@scripts/setup.sh npm

site: .venv/site.stamp  ## set up, ingest content/inbox, build the site into site/
	@$(BIN)/insights ingest
	@$(BIN)/insights build

serve: .venv/site.stamp  ## preview with live reload
	@$(BIN)/insights serve

test: .venv/test.stamp node_modules/insights.stamp  ## set up, lint, check types and imports, run every test
	@scripts/setup.sh browser
	@$(MAKE) --no-print-directory lint
	@$(BIN)/pytest -n auto

lint: .venv/test.stamp  ## ruff, mypy --strict, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: .venv/test.stamp  ## every benchmark, small sizes
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

audit: .venv/site.stamp  ## the bill of materials, and known holes in what it lists (asks PyPI)
	@scripts/setup.sh audit

lock: .venv/test.stamp  ## choose new versions of all dependencies
	@scripts/setup.sh lock

clean:  ## remove everything that can be made again
	rm -rf build site node_modules .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
