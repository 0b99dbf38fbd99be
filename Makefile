# .venv is built by itself, once, and again when pyproject.toml or constraints.txt change.
# Another interpreter: make PYTHON=python3.12 test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMMA := ,
UV := $(shell command -v uv 2>/dev/null)
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

ifneq ($(UV),)
# Where the user names no interpreter, uv looks for one that fits.
UV_PYTHON_REQUEST := $(if $(filter file,$(origin PYTHON)),>=3.11$(COMMA)<3.14,$(PYTHON))
MAKE_VENV = $(UV) venv --quiet --clear --python '$(UV_PYTHON_REQUEST)' $(VENV)
INSTALL = $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt
else
MAKE_VENV = $(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("evalkit needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")' \
	&& $(PYTHON) -m venv --clear $(VENV)
# uv made the environment where it was there: without pip.
INSTALL = { $(BIN)/python -m pip --version > /dev/null 2>&1 || $(BIN)/python -m ensurepip > /dev/null; } \
	&& $(BIN)/python -m pip install --quiet --constraint constraints.txt
endif

.PHONY: help demo test coverage check bench bench-large lab notebooks clean FORCE
.DEFAULT_GOAL := help

help:  ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/lab.stamp  ## Render the shipped evaluation: one report per product, and the comparison
	$(BIN)/evalkit demo

# The notebooks run apart: nbval measures coverage in its kernels too, and waits for them in vain. Coverage is asked
# of model and scoring, every branch; measuring all would double the time.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
PURE := tests/model tests/scoring

test: $(VENV)/test.stamp  ## Run the notebooks, then the tests, with the coverage of model and scoring
	$(if $(NOTEBOOKS),$(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax $(NOTEBOOKS))
	$(PYTEST) $(PURE) --cov=evalkit.model --cov=evalkit.scoring --cov-report=term
	$(PYTEST) $(PURE:%=--ignore=%)

coverage: $(VENV)/test.stamp  ## Run the tests with the coverage of everything
	$(PYTEST) --cov --cov-report=term

check: $(VENV)/test.stamp  ## Lint, formatting, types, layers, and the shipped questionnaires and answers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/evalkit check

bench: $(VENV)/test.stamp  ## Time scoring, rendering against the stock tools, and the form in a browser
	$(BIN)/python benchmarks/rendering.py --json benchmarks/out/rendering.json
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/scoring.py
	$(BIN)/python benchmarks/robustness.py
	$(BIN)/python benchmarks/what_if.py
	$(BIN)/python benchmarks/inspecting.py
	$(BIN)/python benchmarks/form.py

bench-large: $(VENV)/test.stamp  ## Render 1,000 reports with the fast engine
	$(BIN)/python benchmarks/rendering.py --options 1000 --rounds 1 --fast-only --json benchmarks/out/rendering-1000.json

lab: $(VENV)/lab.stamp  ## Open the answering form in JupyterLab, the other notebooks beside it
	$(BIN)/jupyter lab --notebook-dir=. --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate notebooks/01_answer.ipynb

notebooks: $(VENV)/lab.stamp  ## Bring the committed notebooks into canonical form
	$(BIN)/python tools/canonical_notebooks.py

clean:  ## Remove all that was generated, the environment too
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	rm -rf results/*/out benchmarks/out
	find evalkit tests tools notebooks -name __pycache__ -prune -exec rm -rf {} + -o -name .ipynb_checkpoints -prune -exec rm -rf {} +

# An interpreter named on the command line other than the last one builds the environment anew.
MADE_WITH := $(shell cat $(VENV)/made-with 2>/dev/null)
ifneq ($(origin PYTHON),file)
ifneq ($(MADE_WITH),$(PYTHON))
$(VENV)/made-with: FORCE
endif
endif
FORCE:

$(VENV)/made-with:
	@echo 'Building $(VENV) from constraints.txt, once; this takes about a minute without uv'
	@$(MAKE_VENV)
	@echo '$(PYTHON)' > $@

$(VENV)/lab.stamp: $(VENV)/made-with pyproject.toml constraints.txt
	$(INSTALL) --editable '.[lab]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/made-with pyproject.toml constraints.txt
	$(INSTALL) --editable '.[lab,test]'
	@touch $(VENV)/lab.stamp $@
