# Lantern: the two commands a newcomer needs are `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help env env-dev env-quantize run test test-quantize lint portable installer lock clean

help:
	@echo "make run        set everything up and open Lantern on a demonstration case file"
	@echo "make test       set everything up and run every check (offline, without a screen)"
	@echo "make test-quantize  the conversions, in an environment with PyTorch (.venv-quantize/, about 2 GB)"
	@echo "make env        only the environment in .venv/"
	@echo "make portable   llama.cpp for every processor, which the installer then takes"
	@echo "make installer  the one-folder application in dist/, with its smoke test"
	@echo "make lock       resolve pyproject.toml again into the two hashed lock files"

env:
	@$(PYTHON) installer/bootstrap.py

env-dev:
	@$(PYTHON) installer/bootstrap.py --dev

run: env
	@$(BIN)/python -m desktop.demo

lint: env-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2

# Conversion and training need PyTorch; it stays out of .venv/ and of `make test`.
env-quantize:
	@test -x .venv-quantize/bin/python || $(PYTHON) -m venv .venv-quantize
	.venv-quantize/bin/python -m pip install --quiet -e '.[quantize,dev]'

test-quantize: env-quantize
	QT_QPA_PLATFORM=offscreen .venv-quantize/bin/python -m pytest tests/quantize

portable: env-dev
	$(BIN)/python installer/portable_llama.py

installer: env-dev
	$(BIN)/python installer/build.py

# uv resolves for every platform at once; the lock carries hashes and no index address.
# huggingface-hub is left out: tokenizers needs it only to download, which Lantern never does.
LOCK := $(BIN)/uv pip compile pyproject.toml --override installer/overrides.txt --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet
lock:
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) --extra build -o requirements.lock
	$(LOCK) --extra build --extra dev -o requirements-dev.lock

clean:
	rm -rf build dist resources/knowledge/compiled .pytest_cache .mypy_cache .ruff_cache .hypothesis
