# Every habit of the house in one place. `make` alone lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
STAMP := $(VENV)/.installed
# Compiled modules are kept: without them every process of a check (there are dozens) compiles Django and us anew. Those
# that are used; pip would compile all of them, half a minute longer.
export PYTHONDONTWRITEBYTECODE :=
FRONTEND := src/nimo/foundation/ui/static/vendor/.installed

.PHONY: help setup demo test lint types types-plain types-strict floors fix check docs docs-check migrations-check \
        test-sqlite test-postgresql test-cluster browser cluster bench journeys bundle new-app clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

$(STAMP): requirements-dev.lock requirements/base.in pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 以上が必要です。例: make setup PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Python のライブラリをそろえています（初めてのときは数分かかります）…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(FRONTEND): package-lock.json scripts/frontend.py $(STAMP)
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
	@$(BIN)/python scripts/frontend.py
	@mkdir -p $(@D) && touch $@

## make setup    .venv（.venv/bin/nimo）と画面の部品をそろえる
setup: $(STAMP) $(FRONTEND)

## make demo     デモのデータを入れて起動する（HOST・PORT を変えられる）
demo:
	@echo "nimo: http://$(HOST):$(PORT)/ （用意ができたら開けます）"
	@$(MAKE) --no-print-directory setup
	@$(BIN)/nimo demo --host $(HOST) --port $(PORT)

## make test     すべての試験（SQLite。ブラウザがなければ入れてみて、入らなければそう言う）
test: setup browser test-sqlite

browser: $(STAMP)
	@$(BIN)/python scripts/browser.py

test-sqlite: setup
	$(BIN)/pytest -q -n 2 --dist loadgroup

# Unpacking PySpark keeps one processor busy: it is done beside mypy.
cluster: $(STAMP)
	@$(BIN)/python scripts/cluster.py --set-up

# What knows no database says the same on both: it runs once. The root conftest.py sets the mark and guards it.
test-postgresql: setup
	NIMO_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 --dist loadgroup -m "database and not browser"

## make test-cluster  Spark での試験（Java のある機械だけ。なければそう言う）
test-cluster: setup
	@$(BIN)/python scripts/cluster.py

## make lint     書き方・型・階の決まりを確かめる
lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: types-plain types-strict

types-plain: setup
	$(BIN)/mypy src/nimo

# A cache of its own: with other options mypy throws away what it kept.
types-strict: setup
	$(BIN)/mypy --strict --cache-dir .mypy_cache/strict $$(git ls-files -- 'src/nimo/core/**.py' 'src/nimo/analysis/**.py' 'src/nimo/foundation/access/**.py' 'src/nimo/**/rules.py' 'src/nimo/**/rules/*.py' 'src/nimo/**/policies.py' 'src/nimo/**/services.py' 'src/nimo/**/services/*.py' | grep -v /tests/)

floors: setup
	$(BIN)/lint-imports --no-cache

migrations-check: setup
	NIMO_DATA_DIR=$$(mktemp -d) DJANGO_SETTINGS_MODULE=nimo.config.settings $(BIN)/python -m django makemigrations --check --dry-run

## make docs     生成する文書（docs/access.md・docs/actions.md）を作り直す
docs: setup
	$(BIN)/python scripts/docs.py

docs-check: setup
	$(BIN)/python scripts/docs.py --check

## make fix      書き方を直す
fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## make check    CI がすることのすべて
check: setup
	@$(MAKE) --no-print-directory -j 2 cluster types lint floors docs-check migrations-check browser
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgresql
	@$(MAKE) --no-print-directory test-cluster
	@$(BIN)/python scripts/left_out.py

## make journeys 本物のブラウザでの通し試験だけ
journeys: setup browser
	$(BIN)/pytest -q -m browser

## make bench    速さの比（同じ回に測った基準との比）を印字する
bench: setup
	$(BIN)/python -m bench

## make bundle   閉じた網に持ち込む一式（wheel と依存物）を dist/ に作る
bundle: setup
	$(BIN)/python scripts/bundle.py

## make new-app FLOOR=community NAME=councils  決まった形の新しいアプリを作る
new-app: setup
	$(BIN)/python scripts/new_app.py $(FLOOR) $(NAME)

clean:
	rm -rf $(VENV) .venv-cluster node_modules .demo build dist
