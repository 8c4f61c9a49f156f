# One entry point for every task. On a fresh machine, `make run` and `make test` install what they need into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := bot cogs db seeds tests benchmarks ops
# What runs over every line; the others (browser, simulation, torture, wire) go over the same lines again and again.
PARTS := tests/config tests/db tests/discord tests/domain tests/meta tests/seeds tests/services
.DEFAULT_GOAL := help
.PHONY: help compiled run test coverage lint fmt bench torture texts screenshots site lock dist sbom clean

help:  ## list the tasks
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Solidarity Bot needs Python 3.11 or newer; set PYTHON=python3.11, for example."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Compiled once, so that no start has to do it, whatever PYTHONDONTWRITEBYTECODE says; what has not changed is passed over.
compiled: $(VENV)/.run
	@$(BIN)/python -m compileall -q bot cogs db seeds

run: compiled  ## the bot; without a Discord token, the practice server in the browser
	@$(BIN)/solidarity-bot start

test: $(VENV)/.dev compiled  ## every test
	@$(BIN)/python -m compileall -q tests  # many of them run as processes of their own
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n 5  # each worker reads every test; what was compiled is kept; some wait while others work

coverage: $(VENV)/.dev compiled  ## which lines the tests of the parts reach, with a floor; tracing doubles their time
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n 4 $(PARTS)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: $(VENV)/.dev  ## style, types, layers, known faults in what is installed
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python ops/audit.py requirements/run.txt

fmt: $(VENV)/.dev  ## format, and mend what can be mended
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

bench: $(VENV)/.dev compiled  ## speed and memory, as ratios to a bare bot in the same run
	$(BIN)/python -m benchmarks

torture: $(VENV)/.dev compiled  ## kill the bot at every step of a delivery, again and again, and count what is lost or doubled
	$(BIN)/python -m tests.torture

texts: $(VENV)/.dev  ## gather the sentences of the code into the catalogues, and compile what translators wrote
	$(BIN)/python -m tests.meta.texts

screenshots: $(VENV)/.dev  ## the pictures in the README, taken from the practice server
	$(BIN)/python -m tests.browser.screenshots docs/images

site: $(VENV)/.dev  ## these documents as a site, in site/; open site/index.html
	$(BIN)/python ops/settings_page.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

lock: $(VENV)/.dev  ## renew the lock files after a change in pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --extra practice --extra postgres -c requirements/dev.txt pyproject.toml requirements/build.in -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --extra postgres -c requirements/dev.txt pyproject.toml requirements/build.in -o requirements/server.txt

# The time that is written into what is built; whoever builds the same commit gets the same bytes.
dist sbom: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1735689600)

dist: sbom  ## what a release consists of, in dist/: wheel, source archive, lock file, bill of materials, checksums
	$(BIN)/hatchling build
	cp requirements/server.txt dist/requirements.txt
	cd dist && sha256sum *.whl *.tar.gz *.txt *.json > SHA256SUMS

sbom: $(VENV)/.dev  ## what a server installs beside the bot, as CycloneDX JSON
	@rm -rf dist && mkdir dist
	$(BIN)/python ops/sbom.py dist/sbom.cdx.json

clean:  ## remove what was built
	rm -rf $(VENV) dist site .coverage* .pytest_cache .ruff_cache .import_linter_cache
