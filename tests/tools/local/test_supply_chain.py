"""The audit passes on the tools' exit codes, and the SBOM lists every locked package."""

import json
import re

import pytest

from tools.local import supply_chain
from tools.local.checkout import ROOT


@pytest.mark.parametrize(
    ("exit_codes", "expected"), [((0, 0), 0), ((1, 0), 1), ((0, 1), 1), ((2, 1), 1)]
)
def test_the_audit_fails_if_either_tool_fails(monkeypatch, tmp_path, exit_codes, expected):
    for name, exit_code in zip(("pip-audit", "npm"), exit_codes, strict=True):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {exit_code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(supply_chain, "installed", lambda name: str(tmp_path / name))
    monkeypatch.setattr(supply_chain, "npm", lambda: [str(tmp_path / "npm")])
    assert supply_chain.audit() == expected


def test_the_sbom_lists_every_locked_package(tmp_path, monkeypatch):
    monkeypatch.setattr(supply_chain, "SBOM_FOLDER", tmp_path)
    assert supply_chain.sbom() == 0
    sboms = {
        kind: json.loads((tmp_path / f"{kind}.cdx.json").read_text()) for kind in ("python", "npm")
    }
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements/base.txt").read_text(), re.MULTILINE)
    assert {package["name"] for package in sboms["python"]["components"]} == set(locked)
    assert "govuk-frontend" in {package["name"] for package in sboms["npm"]["components"]}
    for sbom in sboms.values():
        assert sbom["bomFormat"] == "CycloneDX"
        assert all("hashes" in str(package) for package in sbom["components"])
        assert str(ROOT) not in json.dumps(sbom)
