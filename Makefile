# Thin names over ./dev, which needs Python 3.11 or newer and nothing else.
PYTHON ?= python3

.PHONY: help run test torture fuzz bench lint format audit sbom lock screenshot compose-check clean

help:
	@$(PYTHON) dev help

run test torture fuzz bench lint format audit sbom lock screenshot compose-check clean:
	@$(PYTHON) dev $@ $(ARGS)
