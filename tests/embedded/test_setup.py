"""What is said before anything is set up, and that no lock file tells where it came from."""

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


def test_an_old_python_is_told_so_in_one_sentence(dev, capsys):
    with pytest.raises(SystemExit, match="1"):
        dev.refuse_old_python((3, 9, 2))
    said = capsys.readouterr().err
    assert said.startswith("This needs Python 3.11 or newer, and ")
    assert "is 3.9" in said
    assert said.count("\n") == 1


def test_an_old_python_can_read_the_script():
    import ast

    ast.parse((ROOT / "dev").read_text(), feature_version=(3, 6))


def test_a_full_disk_is_told_so_in_one_sentence(dev, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=5 * 2**20))
    with pytest.raises(SystemExit):
        dev.refuse_full_disk(dev.SPACE_TO_RUN)
    assert capsys.readouterr().err.startswith("The disk is too full: 200 MB are needed")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("npm error code ENOSPC", "failed because the disk is full"),
        ("ERROR: getaddrinfo failed", "needs the network, and it was not reached"),
        ("Error: ensurepip is not available", "apt-get install python3-venv"),
        ("something else\nthe last words", "failed: the last words"),
    ],
)
def test_a_failed_step_is_explained(dev, output, sentence):
    assert sentence in dev.explain("Fetching", output)


def test_set_up_that_is_done_is_not_done_again():
    command = [sys.executable, "dev", "setup"]
    subprocess.run(command, cwd=ROOT, check=True)
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.name
)
def test_requirements_are_pinned_by_hash_and_name_no_address(path):
    text = path.read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)
    pins = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)
    hashed = re.findall(r"^[\w.\[\]-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pins) == len(hashed) > 0


def test_the_npm_lock_names_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert all("integrity" in entry for name, entry in packages.items() if name)
