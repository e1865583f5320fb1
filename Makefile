# Every target sets up what it needs; a second call is quick.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint fix bench soak docs pictures words migrate snippet constraints

run: $(VENV)/run
	$(BIN)/footfall serve

# Bytecode is kept, whatever the machine's habit: the suite starts Footfall some hundred times.
test: $(VENV)/dev $(VENV)/chromium
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadscope

lint: $(VENV)/dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg
	$(BIN)/bandit -q -s B101 -r tracker collectors reports

fix: $(VENV)/dev
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(VENV)/dev
	$(BIN)/python -m bench

soak: $(VENV)/dev
	$(BIN)/python -m bench.soak
	$(BIN)/python -m bench.contract

docs: $(VENV)/dev
	$(BIN)/python -m reports.manual docs/reports.md
	$(BIN)/pytest tests/test_docs.py tests/reports/test_docs.py

# WITH=renew keeps what the pages look like now.
WITH ?= all
pictures: $(VENV)/dev $(VENV)/chromium
	PICTURES=$(WITH) $(BIN)/pytest tests/pictures

words: $(VENV)/dev
	$(BIN)/python -m reports.words

migrate: $(VENV)/run
	$(BIN)/footfall migrate

snippet:
	cd static/js && npm ci --no-audit --no-fund --ignore-scripts && node build.mjs

constraints: $(VENV)/dev
	$(BIN)/pip freeze --exclude-editable > constraints.txt

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(VENV)/bin/python setup.cfg pyproject.toml constraints.txt
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/dev: $(VENV)/bin/python setup.cfg pyproject.toml constraints.txt
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/run

$(VENV)/chromium: $(VENV)/dev
	$(BIN)/python -m tests.chromium
	@touch $@
