"""The audit passes on the tools' exit codes, and the SBOM lists every locked package."""

import json
import re
import subprocess

import pytest

from tools.local.checkout import ROOT


def make(*arguments: str) -> int:
    """Run a target of the Makefile without the set-up, which the tests have."""
    command = ["make", "PYTHON=true", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True).returncode


@pytest.mark.parametrize(
    ("exit_codes", "is_success"),
    [((0, 0), True), ((1, 0), False), ((0, 1), False)],
)
def test_the_audit_fails_if_either_tool_fails(tmp_path, exit_codes, is_success):
    for name, exit_code in zip(("pip-audit", "npm"), exit_codes, strict=True):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {exit_code}\n")
        (tmp_path / name).chmod(0o755)
    tools = f"PIP_AUDIT={tmp_path}/pip-audit", f"NPM={tmp_path}/npm"
    assert (make("audit", *tools) == 0) is is_success


def test_the_sbom_lists_every_locked_package(tmp_path):
    assert make("sbom", f"SBOM={tmp_path}") == 0
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
