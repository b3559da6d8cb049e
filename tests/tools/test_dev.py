"""`./dev` reports what it cannot do, and the lock files hold hashes and no addresses."""

import importlib.machinery
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dev() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_an_old_python_is_reported_in_one_line(dev, capsys):
    with pytest.raises(SystemExit, match="1"):
        dev.refuse_old_python((3, 9, 2))
    message = capsys.readouterr().err
    assert message.startswith("This needs Python 3.11 or newer, and ")
    assert "is 3.9" in message
    assert message.count("\n") == 1


def test_an_old_python_can_read_the_script():
    import ast

    ast.parse((ROOT / "dev").read_text(), feature_version=(3, 6))


def test_a_full_disk_is_reported(dev, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=5 * 2**20))
    with pytest.raises(SystemExit):
        dev.refuse_full_disk(dev.RUN_DISK_BYTES)
    assert capsys.readouterr().err.startswith("Not enough disk space: 200 MB are needed")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("npm error code ENOSPC", "failed because the disk is full"),
        ("ERROR: getaddrinfo failed", "needs the network, which could not be reached"),
        ("Error: ensurepip is not available", "apt-get install python3-venv"),
        ("first line\nlast line", "failed: last line"),
        ("", "failed: no output"),
    ],
)
def test_a_failed_step_is_explained(dev, output, sentence):
    assert sentence in dev.explain("Fetching", output)


def test_setup_does_nothing_if_up_to_date():
    command = [sys.executable, "dev", "setup"]
    subprocess.run(command, cwd=ROOT, check=True)
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.name
)
def test_requirements_are_pinned_by_hash_without_addresses(path):
    text = path.read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)
    pins = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)
    hashed = re.findall(r"^[\w.\[\]-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pins) == len(hashed) > 0


def test_the_npm_lock_file_holds_hashes_and_no_addresses():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert all("integrity" in entry for name, entry in packages.items() if name)
