# Everything here needs only Python 3.11+, pip and make; uv is used when it is there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8600

.PHONY: demo test lint bench setup clean

setup: $(VENV)/.installed
$(VENV)/.installed: pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && uv pip install --quiet --python $(BIN)/python -e '.[dev]'; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  : pip before 23.3 fails on a requirement that names one extra twice && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@touch $@

demo: setup ## gather the fictional region and open its portal on http://127.0.0.1:8600
	$(BIN)/ortaq demo --port $(PORT)

test: setup ## all tests, fast and end to end
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup ## style, types, and the direction of imports
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: setup ## measure, and fail where a figure fell below its floor
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
