# make brief   the brief on the first shipped case, in out/
# make test    style, types and all tests but the long ones, in two processes (or WORKERS=4)
# make test-long   statistical checks over many replicates
# All need only Python 3.11 or newer and make: they set up .venv themselves.

PYTHON ?= python3
CASE ?= dprk-russia
OUT ?= out
WORKERS ?= 2

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help brief test test-long lint format schema clean

help:
	@sed -n 's/^# make/make/p' Makefile

brief: .venv/installed
	$(BIN)/qpq brief $(CASE) --out $(OUT)

test: lint
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'not long'

test-long: .venv/installed-test
	$(BIN)/python -m pytest --numprocesses $(WORKERS) -m long

lint: .venv/installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/installed-test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

schema: .venv/installed
	$(BIN)/python -c 'import json; from quidproquo.brief import json_schema; print(json.dumps(json_schema(), indent=1))' > docs/brief.schema.json
	$(BIN)/python -c 'import json; from quidproquo.brief import backtest_schema; print(json.dumps(backtest_schema(), indent=1))' > docs/backtest.schema.json
	$(BIN)/python -c 'import json; from quidproquo.brief import what_if_schema; print(json.dumps(what_if_schema(), indent=1))' > docs/what_if.schema.json
	$(BIN)/python -c 'import json; from quidproquo.brief import diff_schema; print(json.dumps(diff_schema(), indent=1))' > docs/diff.schema.json

clean:
	rm -rf .venv out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable .
	@touch $@

.venv/installed-test: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable '.[llm,test]'
	@touch .venv/installed $@
