"""Docker from Debian's packages: unpacked into a folder, run in namespaces, not installed.

The engine has its own mounts and processes, and while the service runs its own network, too: its
bridges and firewall rules exist in there only, and end with it.
"""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from compose_check.compose import Compose

PACKAGES = ["docker.io", "docker-compose", "debootstrap", "iptables"]
NEEDED = ["apt-get", "dpkg-deb", "unshare", "nsenter", "ip", "tar", "node", "npm"]
START = """
set -e
ip link set lo up
containerd --address {folder}/containerd.sock --root {folder}/containerd --state {folder}/run \
    --log-level warn &
exec dockerd --host unix://{folder}/docker.sock --containerd {folder}/containerd.sock \
    --data-root {folder}/docker --exec-root {folder}/exec --pidfile {folder}/docker.pid \
    --cgroup-parent /compose-check --bridge none --iptables={iptables} --log-level warn
"""


def the_machine_has_one() -> bool:
    """A docker client with compose and an engine that answers."""
    if not shutil.which("docker"):
        return False
    asked = (["docker", "info"], ["docker", "compose", "version"])
    return all(subprocess.run(a, capture_output=True, check=False).returncode == 0 for a in asked)


def missing() -> str:
    """Why no engine can be borrowed, or nothing."""
    if os.geteuid() != 0:
        return "there is no docker engine, and only root can start one for the check"
    if lacking := [each for each in NEEDED if not shutil.which(each)]:
        return f"there is no docker engine, and {', '.join(lacking)} would be needed to borrow one"
    tried = ["unshare", "--net", "--mount", "--pid", "--fork", "true"]
    if subprocess.run(tried, capture_output=True, check=False).returncode != 0:
        return "there is no docker engine, and this machine refuses new namespaces"
    return ""


class Engine:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = folder / "tools"
        libraries = next(self.tools.glob("usr/lib/*-linux-gnu"))
        self.environment = {
            **os.environ,
            "PATH": f"{self.tools}/usr/sbin:{self.tools}/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LD_LIBRARY_PATH": str(libraries),
            "XTABLES_LIBDIR": str(libraries / "xtables"),
            "PYTHONPATH": str(self.tools / "usr/lib/python3/dist-packages"),
            "DEBOOTSTRAP_DIR": str(self.tools / "usr/share/debootstrap"),
            "DOCKER_HOST": f"unix://{folder}/docker.sock",
            "DOCKER_BUILDKIT": "0",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def docker(self, *arguments: str, stdin: int | None = None) -> str:
        return subprocess.run(
            [str(self.tools / "usr/bin/docker"), *arguments],
            env=self.environment,
            stdin=stdin,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def compose(self, root: Path, values: dict[str, str]) -> Compose:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        inside = ["nsenter", f"--net=/proc/{children.read_text().split()[0]}/ns/net"]
        client = ["/usr/bin/python3", str(self.tools / "usr/bin/docker-compose")]
        docker = [str(self.tools / "usr/bin/docker")]
        return Compose(
            root, client, values, docker=docker, inside=inside, environment=self.environment
        )

    @contextlib.contextmanager
    def running(self, *, own_network: bool) -> Iterator[None]:
        """dockerd and containerd as long as the block lasts. All they start ends with them."""
        apart = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        script = START.format(folder=self.folder, iptables=str(own_network).lower())
        with (self.folder / "engine.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["unshare", *apart, *(["--net"] if own_network else []), "sh", "-c", script],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        try:
            self._wait()
            yield
        finally:
            self.process.kill()
            self.process.wait()
            time.sleep(0.5)  # the kernel takes the namespaces down
            for left in ("docker.sock", "docker.pid", "containerd.sock"):
                (self.folder / left).unlink(missing_ok=True)

    def _wait(self) -> None:
        last = ""
        for _ in range(60):
            try:
                self.docker("info")
            except subprocess.CalledProcessError as error:
                last = error.stderr
                time.sleep(0.5)
            else:
                return
        log = (self.folder / "engine.log").read_text()[-3000:]
        raise subprocess.CalledProcessError(1, ["dockerd"], stderr=f"{last}\n{log}")


def unpack(folder: Path) -> Engine:
    """The packages that are not installed, fetched and unpacked below `folder`."""
    packages, tools = folder / "packages", folder / "tools"
    (packages / "partial").mkdir(parents=True)
    tools.mkdir()
    fetch = ["apt-get", "install", "--yes", "--no-install-recommends", "--download-only"]
    subprocess.run(
        [*fetch, "-o", f"Dir::Cache::archives={packages}", *PACKAGES],
        capture_output=True,
        text=True,
        check=True,
    )
    for package in sorted(packages.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", package, tools], check=True)
    for name in ("iptables", "ip6tables"):
        link = tools / "usr/sbin" / name
        if not link.exists() and (tools / "usr/sbin/xtables-legacy-multi").exists():
            link.symlink_to("xtables-legacy-multi")
    return Engine(folder)
