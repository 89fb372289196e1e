# The commands of the project. `make setup` is part of every other one, and does nothing when nothing changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: setup sandbox lab test check coverage bench soak lock

BIN := .venv/bin
STAMP := .venv/.installed
PYTHONS := $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3
PIP_QUIET := --quiet --disable-pip-version-check
LOCK_TOOL := pip-tools==7.6.2
PUBLIC_INDEX := env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null

define find_python
for name in $(PYTHONS); do \
  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$name"; break; fi; \
done; \
if [ -z "$${python:-}" ]; then echo "This needs Python 3.11 or newer; none was found. Install it, or say PYTHON=/path/to/python." >&2; exit 1; fi
endef

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@if [ ! -x $(BIN)/python ]; then $(find_python); echo "making .venv with $$python"; \
	  "$$python" -m venv .venv || { echo "Python can't make a virtual environment here; on Debian, install python3-venv." >&2; rm -rf .venv; exit 1; }; fi
	@echo "installing what requirements.lock lists"
	@$(BIN)/python -m pip install $(PIP_QUIET) --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install $(PIP_QUIET) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check >/dev/null
	@touch $@

sandbox: setup
	@$(BIN)/bot sandbox $(ARGS)

# A real signal-cli with its own Java, for the tests that talk to one: docs/signal-lab.md.
lab: setup
	@$(BIN)/python -m tests.signal_lab.fetch

# A worker for each core; ARGS="-n 0" for one process, to see what a test prints or to step through it.
test: setup
	$(BIN)/pytest -n logical --maxprocesses 4 --cov --cov-report= $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/codespell
	$(BIN)/python -m bot.i18n.extract --check
	$(BIN)/bot check

# Judges what the last `make test` measured: every branch of what decides, nine lines in ten of the rest.
coverage: setup
	$(BIN)/coverage report --include='bot/engine/*,bot/model/*,bot/i18n/*,bot/pipeline/*' --fail-under=100
	$(BIN)/coverage report --fail-under=90

bench: setup
	$(BIN)/python -m tests.bench $(ARGS)

soak: setup
	$(BIN)/pytest -m soak --timeout=3600 $(ARGS)

# From the public index alone, whatever this machine is set up for: UPGRADE=1 also takes newer versions.
lock:
	@$(find_python); "$$python" -m venv build/lock
	@$(PUBLIC_INDEX) build/lock/bin/python -m pip install $(PIP_QUIET) '$(LOCK_TOOL)'
	@$(PUBLIC_INDEX) CUSTOM_COMPILE_COMMAND='make lock' \
	  build/lock/bin/pip-compile pyproject.toml --extra dev --output-file requirements.lock --quiet \
	  --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  $(if $(UPGRADE),--upgrade)
	@if grep -nE '(file|https?)://|^-' requirements.lock; then echo "requirements.lock names a place" >&2; exit 1; fi
