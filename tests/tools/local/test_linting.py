"""The security scan finds what it is for, and every exception to it gives a reason."""

import re
import subprocess

from tools.local import linting
from tools.local.checkout import ROOT


def test_the_security_scan_finds_an_sql_injection(tmp_path):
    (tmp_path / "example.py").write_text('sql = f"SELECT * FROM t WHERE a = {a}"\n')
    bandit, *arguments = linting.LINTERS["Security"]
    options = arguments[: -len(linting.SECURITY_SCAN_PATHS)]
    result = subprocess.run(
        [linting.installed(bandit), *options, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert "B608" in result.stdout


def test_every_scanned_path_exists():
    assert all((ROOT / name).exists() for name in linting.SECURITY_SCAN_PATHS)


def test_every_exception_to_the_security_scan_gives_a_reason():
    for name in linting.SECURITY_SCAN_PATHS:
        for path in [ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*.py"):
            for line in path.read_text().splitlines():
                if "# nosec" in line:
                    assert re.search(r"# nosec B\d+( B\d+)* # \w", line), f"{path}: {line}"
