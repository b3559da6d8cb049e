"""What the check may touch on the machine, before and after; and the removal of its folder."""

import shutil
import subprocess
import sys
from pathlib import Path


def state() -> dict[str, set[str]]:
    """Links, mounts and control groups: what an engine would leave behind."""
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=False)
    groups = [*Path("/sys/fs/cgroup").glob("*/docker"), *Path("/sys/fs/cgroup").glob("docker")]
    return {
        "network links": {line.split(":")[1].strip() for line in links.stdout.splitlines()},
        "mounts": {line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()},
        "control groups": {str(group) for group in groups},
        "bridge rules": set(_rules().splitlines()),
    }


def remove(folder: Path) -> None:
    """The folder with all that is below it, and the empty control groups of the engine."""
    for group in [
        *Path("/sys/fs/cgroup").glob("*/compose-check"),
        Path("/sys/fs/cgroup/compose-check"),
    ]:
        for below in sorted(group.rglob("*"), reverse=True):
            if below.is_dir():
                below.rmdir()
        if group.is_dir():
            group.rmdir()
    shutil.rmtree(folder)


def compare(before: dict[str, set[str]], after: dict[str, set[str]]) -> None:
    """Exit with a sentence if the machine is not as it was."""
    for what, were in before.items():
        if new := after[what] - were:
            sys.exit(f"compose-check left {what} behind: {', '.join(sorted(new))}")
        if gone := were - after[what]:
            sys.exit(f"compose-check took {what} away: {', '.join(sorted(gone))}")
    print("         the machine is as it was: links, mounts, control groups, rules")


def _rules() -> str:
    for command in ("iptables-save", "nft"):
        if path := shutil.which(command):
            arguments = [path] if command == "iptables-save" else [path, "list", "ruleset"]
            done = subprocess.run(arguments, capture_output=True, text=True, check=False)
            return "\n".join(line for line in done.stdout.splitlines() if line[:1] not in "#:")
    return ""
