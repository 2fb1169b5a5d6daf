# Everything a person or a machine does with this project; `make` alone lists it.
# Kept to what GNU make 3.81 knows, which is the make of macOS.

PYTHON ?= python3
VENV ?= .venv
# More arguments for pytest, such as `make test PYTEST_ARGS="-k slider"`: then only what they
# select is run, and a part in which they select nothing, which pytest tells by 5, is no error.
PYTEST_ARGS ?=
# Python would compile all it imports in each process of the tests, were it told to keep nothing.
unexport PYTHONDONTWRITEBYTECODE
pytest = $(BIN)/python -m pytest $(1) $(PYTEST_ARGS)$(if $(PYTEST_ARGS), || test $$? -eq 5)

# The parts of the tests; the marks are told in pyproject.toml.
PLAIN := not browser and not notebook and not thorough
UNIT := $(PLAIN) and not slow
NOTEBOOK := notebook and not browser and not thorough
BROWSER := browser and not alone and not thorough
ALONE := alone and not thorough
# Where the tests of a part are: pytest imports all that it is shown, in each process, to select few
# of them. PYTEST_ARGS may name another place.
UNIT_PLACE := $(if $(PYTEST_ARGS),,tests/unit)
BROWSER_PLACE := $(if $(PYTEST_ARGS),,tests/browser)
# A number asks make thorough for a quarter of the closer tests, four in a row for all of them, and
# for the lessons of which that number has the last digit. All of them take more than an hour.
TURN ?=
export TURN
LOOKED_AT := $(if $(TURN),$(wildcard lessons/[a-z]*.ipynb lessons/[0-2]$(shell expr $(TURN) % 10)_*.ipynb),lessons)
# Debian's Chromium without a window does the same in three quarters of the time; frames are counted
# in the one that people have.
QUICKEST := KIT_BROWSER="$${KIT_BROWSER:-$$(command -v chromium-headless-shell)}"
# What a selection takes of the branches says nothing.
MEASURE := $(if $(PYTEST_ARGS),,--cov --cov-report=)

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

# In a container one often is root, which Jupyter wants to hear said.
ROOT_OPTION := --allow-root

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock
# uv is several times faster; where it does not reach the index that pip is set up for, pip does it.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements.lock $(1) || $(PIP_INSTALL) $(1)
NEWS := @jupyterlab/apputils-extension:announcements

NO_PYTHON := This needs Python 3.11 or newer: install it, or name it as in `make PYTHON=/path/to/python3.11 lessons`.
NO_VENV := This Python cannot make a virtual environment: install its venv package (on Debian and Ubuntu: apt-get install python3-venv).

.DEFAULT_GOAL := help
.PHONY: help lessons unit test thorough check bench bench-browser golden pages lock dist clean

help: ## List what make can do here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

lessons: $(VENV)/.lessons ## Install the lessons and open them in JupyterLab
	$(BIN)/python -m jupyterlab --ServerApp.root_dir=lessons $(ROOT_OPTION)

unit: export HYPOTHESIS_PROFILE = unit
unit: $(VENV)/.dev ## Run the tests of the inner loop: no browser, no notebook, no server
	$(call pytest,$(UNIT_PLACE) -m "$(UNIT)" -n auto)

test: $(VENV)/.dev ## Install all that the tests need, a browser too, and run every part of them
	$(call pytest,$(UNIT_PLACE) -m "$(PLAIN)" -n auto $(MEASURE))
	$(call pytest,$(UNIT_PLACE) -m "$(NOTEBOOK)" -n auto)
ifeq ($(PYTEST_ARGS),)
	$(BIN)/python -m tests.branches
	$(BIN)/python -m kit.check.browser.chromium --install
	$(BIN)/python -m tests.browser.other_browsers
	$(BIN)/kit check lessons
	$(BIN)/kit check --only binder lessons/[0-9]*.ipynb
endif
	$(QUICKEST) $(call pytest,$(BROWSER_PLACE) -m "$(BROWSER)" -n 2 --dist loadgroup)
	$(call pytest,$(BROWSER_PLACE) -m "$(ALONE)")

thorough: export HYPOTHESIS_PROFILE = thorough
thorough: $(VENV)/.dev ## Run what make test leaves: every lesson and page, closer looks, more examples; TURN=1 for a part
	$(BIN)/python -m kit.check.browser.chromium --install
ifeq ($(PYTEST_ARGS),)
	$(QUICKEST) $(BIN)/kit check --only browser $(LOOKED_AT)
endif
	$(call pytest,$(UNIT_PLACE) -m "hypothesis and not browser and not notebook" -n auto)
	$(call pytest,$(UNIT_PLACE) -m "thorough and not browser" -n auto --dist loadgroup)
	$(QUICKEST) $(call pytest,$(BROWSER_PLACE) -m "thorough and browser and not alone" -n 2 --dist loadgroup)
	$(call pytest,$(BROWSER_PLACE) -m "thorough and alone")

check: $(VENV)/.dev $(VENV)/.javascript ## Check style, types and which module may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.javascript_checks

bench: $(VENV)/.dev ## Measure how fast the kit is
	$(BIN)/python -m tests.bench

bench-browser: $(VENV)/.dev ## Measure how smoothly pictures play in JupyterLab
	$(BIN)/python -m kit.check.browser.chromium --install
	$(BIN)/python -m tests.bench.in_browser

golden: $(VENV)/.dev ## Keep the digests of the scenarios as they are now
	$(BIN)/python -m tests.golden

pages: $(VENV)/.dev ## Make what is generated: pages in lessons/, what lessons store, the rules of the check
	$(BIN)/kit language > lessons/language.md
	$(BIN)/kit rules --output kit/check/RULES.md
	$(BIN)/kit gallery > lessons/gallery.ipynb
	$(BIN)/kit store lessons/[0-9]*.ipynb lessons/review_*.ipynb
	$(BIN)/kit coverage lessons > lessons/README.md.new
	mv lessons/README.md.new lessons/README.md

lock: $(VENV)/.dev ## Bring the lock files up to date with pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --extra dev \
		--no-annotate --custom-compile-command "make lock" \
		--output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --python-version 3.11.14 --python-platform linux --extra lessons --extra check \
		--only-binary :all: --emit-build-options --constraint requirements.lock --no-annotate --custom-compile-command "make lock" \
		--output-file binder/requirements.txt pyproject.toml
	grep -v '^--' binder/requirements.txt > kit/authoring/course/pins.txt

dist: $(VENV)/.dev ## Build sdist and wheel, and run a lesson from them in a fresh environment
	$(BIN)/python -m kit.authoring.site.vendoring
	$(BIN)/python -m tests.release dist

clean: ## Remove the environment and everything the tools leave behind
	rm -rf $(VENV) build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find kit lessons tests -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# An empty file stands for each finished installation, so that only a change to
# what is to be installed installs again.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo '$(NO_PYTHON)' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo '$(NO_VENV)' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) uv
	@touch $@

$(VENV)/.lessons: $(VENV)/.made pyproject.toml requirements.lock
	$(call install,-e ".[lessons]")
	$(BIN)/python -m jupyter labextension disable "$(NEWS)"
	@touch $@

$(VENV)/.dev: $(VENV)/.lessons
	$(call install,-e ".[dev]")
	@touch $@

$(VENV)/.javascript: $(VENV)/.dev tests/javascript/package-lock.json
	$(BIN)/python -m tests.javascript_checks install
	@touch $@
