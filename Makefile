# Short names for the commands of ./dev, which needs Python 3.11 or newer.
PYTHON ?= python3

.PHONY: help run test torture fuzz bench lint format audit sbom lock screenshot compose-smoke clean

help:
	@$(PYTHON) dev help

run test torture fuzz bench lint format audit sbom lock screenshot compose-smoke clean:
	@$(PYTHON) dev $@ $(ARGS)
