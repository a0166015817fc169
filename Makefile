# Everything by one command each; `make` alone lists them.

VENV ?= .venv
BIN := $(VENV)/bin
DATA ?= data
SITE ?= deploy/demo/site.toml
ARGS ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-full check format bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.setup-run ## set up and open the demo office (ARGS="--clock …", DATA, SITE)
	@exec $(BIN)/numeretto onebox --site $(SITE) --data $(DATA) $(ARGS)

test: $(VENV)/.setup-dev check ## all checks and tests but the long ones
	@deploy/setup/packages.sh
	@exec $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not full" $(ARGS)

test-full: $(VENV)/.setup-dev check ## all checks and tests, with the long rounds
	@deploy/setup/packages.sh full
	@deploy/setup/esphome.sh $(VENV)/esphome $(BIN)/python
	@deploy/setup/second_encoder.sh
	@exec $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(ARGS)

check: $(VENV)/.setup-dev ## format, lint, types, layers
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > $(VENV)/.lint-imports.log || { cat $(VENV)/.lint-imports.log; exit 1; }
	@echo "check: format, lint, types and layers are well"

format: $(VENV)/.setup-dev ## write the code in the one format
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.setup-dev ## measure, beside the raw limits of this machine
	@deploy/setup/packages.sh
	@exec $(BIN)/python -m tests.bench $(ARGS)

lock: ## make the lock files anew from pyproject.toml (needs uv)
	uv pip compile -q --generate-hashes --universal --no-annotate --no-header --python-version 3.11 \
		--extra dev --extra setup pyproject.toml -o requirements.lock
	uv pip compile -q --generate-hashes --universal --no-annotate --no-header --python-version 3.11 \
		--extra all --extra setup -c requirements.lock pyproject.toml -o requirements-run.lock
	echo esphome | uv pip compile -q --generate-hashes --universal --no-annotate --no-header --python-version 3.11 \
		- -o deploy/setup/esphome.lock

clean: ## forget the environment and what tools have left; the data folder stays
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.setup-run: requirements-run.lock pyproject.toml
	@deploy/setup/venv.sh $(VENV)
	@deploy/setup/install.sh $(VENV) requirements-run.lock
	@touch $@

$(VENV)/.setup-dev: requirements.lock pyproject.toml
	@deploy/setup/venv.sh $(VENV)
	@deploy/setup/install.sh $(VENV) requirements.lock
	@touch $@ $(VENV)/.setup-run
