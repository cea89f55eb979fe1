# Everything here needs Python 3.11 or newer and make; each target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
INSTALLING := $(if $(filter vi%,$(CCHC_LANG)),Đang cài cchc và những gì cần để phát triển vào $(VENV). Việc này chỉ làm một lần và mất từ một đến ba phút; trong lúc đó pip không báo gì.,Installing cchc and its development tools into $(VENV). This is done once and takes one to three minutes; pip prints nothing meanwhile.)
.DEFAULT_GOAL := help

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements-dev.txt pyproject.toml
	@echo "$(INSTALLING)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: setup
setup: $(READY) ## Make the virtual environment

.PHONY: demo
demo: $(READY) ## Import the plan of 2024, record half a year for some agencies, show status; kept in build/demo
	@sh docs/demo.sh $(BIN)/cchc

.PHONY: test
test: $(READY) ## Run every test, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

.PHONY: test-office
test-office: $(READY) ## Open the reports in a browser and an office program; on Debian missing packages are installed
	sh tests/office/install.sh
	CCHC_OFFICE=1 $(BIN)/python -m pytest -q tests/office

.PHONY: crash
crash: $(READY) ## Run the long failure tests: many writers, kills, failing system calls (needs strace)
	CCHC_ROUNDS=$(or $(ROUNDS),25) $(BIN)/python -m pytest -n 2 --dist worksteal -q tests/crash tests/crash/strace_faults.py tests/crash/strace_drives.py

.PHONY: fuzz
fuzz: $(READY) ## Try generated hostile plan and rows files for five minutes
	$(BIN)/python -m tests.fuzz

.PHONY: mutants
mutants: $(READY) ## Mutation testing of the rules and the hash chain; a test must fail for each change
	$(BIN)/python -m tests.mutants $(MODULES)

.PHONY: bench
bench: $(READY) ## Measure speed on up to 10 M executions, about an hour; BENCH_FOLDER keeps the databases
	$(BIN)/python -m benchmarks

.PHONY: bench-quick
bench-quick: $(READY) ## Measure speed on up to 1 M executions, within two minutes
	$(BIN)/python -m benchmarks --quick

.PHONY: check
check: $(READY) ## Check lint, format, types, imports, and that documents and catalogues are up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.generated_docs

.PHONY: format
format: $(READY) ## Format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: catalogues
catalogues: $(READY) ## Collect the messages into the catalogues, and compile them
	$(BIN)/python -m babel.messages.frontend -q extract -F pyproject.toml --no-default-keywords -k message:1 --no-location --omit-header --sort-output -o cchc_cli/locale/cchc.pot cchc_cli
	$(BIN)/pybabel -q update --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete --no-wrap -D cchc -i cchc_cli/locale/cchc.pot -d cchc_cli/locale
	$(BIN)/pybabel -q compile -D cchc -d cchc_cli/locale

.PHONY: statements
statements: $(READY) ## Compile the statements for both databases
	$(BIN)/python -m cchc_cli.storage.statements

.PHONY: docs
docs: $(READY) ## Make anew the pictures and the pages that are generated
	$(BIN)/python -m tests.generated_docs --write

.PHONY: lock
lock: $(READY) ## Pin the newest dependencies, with hashes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(PIN) $(PIN_NEWEST) -o requirements.txt
	$(PIN) $(PIN_NEWEST) --group dev -o requirements-dev.txt
	$(BIN)/python -m tests.typer_cap

PIN = $(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --extra postgres
PIN_NEWEST ?= --upgrade

.PHONY: clean
clean: ## Remove everything that make created
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
