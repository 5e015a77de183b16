# ARGS="..." goes to the program that a target starts.
# PYTHON=... names the interpreter for .venv, CHROMIUM=... the browser for the tests,
# WORKERS=... the number of processes that run the tests in parallel.

VENV := .venv
RUN := $(VENV)/bin/python
SOURCES := requirements.lock requirements-dev.lock pyproject.toml .ci/install
# Keep byte code, even if the shell forbids it: otherwise every start compiles all libraries again.
export PYTHONDONTWRITEBYTECODE :=
WORKERS := 2
# One worker runs all tests of a file. Files run in the order of the folders, or last failures first.
PYTEST = HF_HUB_OFFLINE=1 $(RUN) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
LINT = $(RUN) -m ruff check . && \
  $(RUN) -m mypy $(wildcard lit_plugins demos benchmarks) && \
  $(VENV)/bin/oxlint && \
  $(VENV)/bin/node $(VENV)/node_modules/typescript/bin/tsc

.DEFAULT_GOAL := help
.PHONY: help demo quick test lint models screenshots bench soak lock wheel clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/demo.stamp  ## open the demo (ARGS="--model NAME --dataset NAME" for your own)
	@$(RUN) -m demos.sentiment $(ARGS)

quick: $(VENV)/test.stamp  ## run the tests that take a minute together, the last failures first
	@$(PYTEST) -m quick --failed-first $(ARGS)

test: $(VENV)/lint.stamp $(VENV)/proxies.stamp  ## run every test, then lint (ARGS="-k NAME" for some)
	@chromium=$$(sh .ci/chromium); \
	LIT_PLUGINS_CHROMIUM="$$chromium" $(PYTEST) $(ARGS); status=$$?; \
	test -n "$$chromium" || \
	  echo "The browser tests were skipped: no Chromium was found; CHROMIUM=... names one."; \
	$(LINT) && exit $$status

lint: $(VENV)/lint.stamp  ## ruff and mypy; oxlint and tsc for the page's scripts
	@$(LINT)

models: $(VENV)/test.stamp  ## train the embedded models again
	@$(RUN) -m lit_plugins.embedded.training $(ARGS)

screenshots: $(VENV)/test.stamp  ## take the pictures of the page again
	@LIT_PLUGINS_CHROMIUM="$$(sh .ci/chromium)" $(RUN) -m tests.browser.screenshots $(ARGS)

bench: $(VENV)/bench.stamp  ## compare with other packages (ARGS="--only shap --sentences 4" for a part)
	@LIT_PLUGINS_CHROMIUM="$$(sh .ci/chromium)" $(RUN) -m benchmarks $(ARGS)

soak: $(VENV)/test.stamp  ## load, attack and soak the server for a quarter of an hour, with figures
	@LIT_PLUGINS_SOAK=1 HF_HUB_OFFLINE=1 $(RUN) -m pytest -s tests/soak tests/processes/lit/saved/test_store.py $(ARGS)

lock: $(VENV)/test.stamp  ## write both lock files from pyproject.toml (ARGS=--upgrade for newer)
	@sh .ci/lock requirements-dev.lock --all-extras $(ARGS)
	@sh .ci/lock requirements.lock --extra deploy --constraint requirements-dev.lock

wheel: $(VENV)/test.stamp  ## build the wheel in dist/
	@rm -rf build
	@$(RUN) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

clean:  ## remove what the other targets made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/demo.stamp: $(SOURCES)
	@sh .ci/install $(VENV) requirements.lock
	@touch $@

# Installs everything that the demo needs, and more.
$(VENV)/test.stamp: $(SOURCES)
	@sh .ci/install $(VENV) requirements-dev.lock
	@touch $(VENV)/demo.stamp $@

# npm needs package.json and its lock in the folder that it installs into.
$(VENV)/lint.stamp: $(VENV)/test.stamp .ci/package.json .ci/package-lock.json
	@cp .ci/package.json .ci/package-lock.json $(VENV)
	@$(VENV)/bin/npm ci --prefix $(VENV) --ignore-scripts --no-audit --no-fund \
	  --no-update-notifier --loglevel=error >/dev/null
	@touch $@

# nginx and caddy for the tests of demos/deploy, which are skipped without them.
$(VENV)/proxies.stamp: $(VENV)/test.stamp .ci/proxies
	@sh .ci/proxies $(VENV)/proxies </dev/null
	@touch $@

# Installed by uv, since pip cannot override the versions that a compared package asks for.
$(VENV)/bench.stamp: $(VENV)/test.stamp
	@$(VENV)/bin/uv pip install --python $(RUN) --constraint requirements-dev.lock --editable '.[bench]'
	@touch $@
