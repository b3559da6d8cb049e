"""What is said of the packages: a weakness is never passed over, nor a silence taken for a yes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from countylines.embedded import checks, supply_chain

ROOT = Path(__file__).resolve().parents[2]
SOUND = {"name": "django", "version": "5.2.9", "vulns": []}
WEAK = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}
UNKNOWN = {"name": "gone", "skip_reason": "Dependency not found: gone (1.0)"}
LEFT_PAD = {"severity": "high"}


def python(*packages):
    return supply_chain.judge_python(json.dumps({"dependencies": packages}), "")


def npm(**weak):
    told = {"vulnerabilities": weak, "metadata": {"dependencies": {"total": 26}}}
    return supply_chain.judge_npm(json.dumps(told), "")


def test_sound_packages_are_counted():
    assert python(SOUND, SOUND) == (True, "none of 2 is known to be weak.")
    assert npm() == (True, "none of 26 is known to be weak.")


def test_a_weak_package_is_named_with_its_weaknesses():
    is_well, words = python(SOUND, WEAK)
    assert not is_well
    assert "pillow 1.0: PYSEC-1, PYSEC-2" in words
    assert npm(**{"left-pad": LEFT_PAD}) == (
        False,
        "1 of 26 are known to be weak.\n  left-pad: high",
    )


def test_a_package_that_nobody_knows_is_not_called_sound():
    is_well, words = python(SOUND, UNKNOWN)
    assert not is_well
    assert "not in the database: gone" in words


@pytest.mark.parametrize(
    "answer",
    [
        supply_chain.judge_python("", "Traceback\nConnectionError: no route - https://x"),
        supply_chain.judge_python(json.dumps({"dependencies": [UNKNOWN]}), ""),
        supply_chain.judge_npm("", "npm error audit endpoint returned an error"),
        supply_chain.judge_npm('{"message": "405 Not Allowed - POST https://x/y"}', ""),
    ],
)
def test_a_database_that_cannot_be_asked_is_said_in_a_sentence(answer):
    is_well, words = answer
    assert not is_well
    assert "nothing is known" in words
    assert "://" not in words


def test_the_lists_of_parts_hold_each_locked_package_and_no_path_of_this_machine(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(supply_chain, "BOMS", ROOT / "var" / tmp_path.name)
    try:
        assert supply_chain.sbom() == 0
        made = {
            kind: (supply_chain.BOMS / f"{kind}.cdx.json").read_text() for kind in ("python", "npm")
        }
    finally:
        for path in supply_chain.BOMS.glob("*"):
            path.unlink()
        supply_chain.BOMS.rmdir()
    bills = {kind: json.loads(text) for kind, text in made.items()}
    locked = re.findall(r"^([\w.-]+)==", (ROOT / "requirements/base.txt").read_text(), re.MULTILINE)
    assert {each["name"] for each in bills["python"]["components"]} == set(locked)
    assert "govuk-frontend" in {each["name"] for each in bills["npm"]["components"]}
    for kind, bill in bills.items():
        assert bill["bomFormat"] == "CycloneDX"
        assert bill["metadata"]["component"]["name"] == supply_chain.NAME
        assert str(ROOT) not in made[kind]
        assert all("hashes" in str(each) for each in bill["components"])


def test_the_scanner_finds_what_it_is_there_for(tmp_path):
    """Its settings leave away what ruff asks; a query made of words is still found."""
    (tmp_path / "weak.py").write_text('sql = f"SELECT * FROM t WHERE a = {a}"\n')
    bandit = str(Path(sys.executable).with_name("bandit"))
    command = [bandit, *checks.LINTERS["Security"][1 : -len(checks.SCANNED)], str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "B608" in done.stdout
    assert all((ROOT / name).exists() for name in checks.SCANNED)


def test_each_argued_finding_says_why():
    for name in checks.SCANNED:
        for path in [ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*.py"):
            for line in path.read_text().splitlines():
                if "# nosec" in line:
                    assert re.search(r"# nosec B\d+( B\d+)* # \w", line), f"{path}: {line}"
