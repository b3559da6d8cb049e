"""LibreOffice without a window, which converts spreadsheets as its users save them."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

MAX_SECONDS = 180


def converted(files: Mapping[str, bytes], *, to: str, folder: Path) -> dict[str, bytes]:
    """Open these files, save them as `to` ("xlsx", "ods"), and return them by their names.

    LibreOffice starts once for all of them, with a profile of its own in the folder.
    """
    program = shutil.which("soffice")
    if program is None:
        pytest.fail(
            "LibreOffice was not found: `apt-get install --no-install-recommends "
            "libreoffice-calc-nogui`."
        )
    before, after = folder / "before", folder / f"as-{to}"
    before.mkdir(exist_ok=True)
    paths = {name: before / f"{n}{Path(name).suffix}" for n, name in enumerate(files)}
    for name, path in paths.items():
        path.write_bytes(files[name])
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        *(program, "--headless", "--norestore", profile),
        *("--convert-to", to, "--outdir", str(after), *map(str, paths.values())),
    ]
    done = subprocess.run(command, capture_output=True, timeout=MAX_SECONDS, check=False)
    results = {name: after / f"{path.stem}.{to}" for name, path in paths.items()}
    missing = [name for name, path in results.items() if not path.exists()]
    assert not missing, (missing, done.stderr[-1000:])
    return {name: path.read_bytes() for name, path in results.items()}
