"""Installs Chromium for the browser tests."""

import os
import shutil
import subprocess
import time

PACKAGES = ["chromium", "fonts-liberation", "fonts-noto-core"]


def install_chromium() -> None:
    """Install Chromium if it is missing and apt-get can run as root; otherwise print a warning."""
    if any(shutil.which(name) for name in ("chromium", "chrome")) or "CHROMIUM_PATH" in os.environ:
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        print("The browser tests will fail: install Chromium or set CHROMIUM_PATH.", flush=True)
        return
    print("Installing Chromium ... ", end="", flush=True)
    started = time.monotonic()
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
    if result.returncode == 0:
        print(f"{time.monotonic() - started:.1f} s", flush=True)
    else:
        print((result.stderr.strip() or "failed").splitlines()[-1], flush=True)
