"""A register that an earlier release has stored is migrated, and its figures stay the same.

register.sql.xz is a dump of random actions by commit d886d7a0, before recommendations had parts,
asks and endings and organisations had names with dates. figures.json is what that commit counted.
"""

import json
import lzma
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.data_servers import DataServers
from tests.reliability.upgrade.release import ROOT, Release

pytestmark = pytest.mark.servers
FOLDER = Path(__file__).with_name("register_before_parts")
CHECK = f"""
from django.core.management import call_command
from tests.reliability.upgrade.figures import figures
call_command("check_positions")
call_command("check_audit")
print(figures({str(FOLDER / "figures.json")!r}))
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[DataServers]:
    data = DataServers(tmp_path, "stored", is_killed=False)
    yield data
    data.stop()


def test_its_figures_are_the_same_after_the_migrations(data: DataServers, tmp_path: Path):
    dump = lzma.decompress((FOLDER / "register.sql.xz").read_bytes())
    restore = ["psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null"]
    subprocess.run([*restore, data.environment["DATABASE_URL"]], input=dump, check=True)
    release = Release(ROOT, data, tmp_path, "next")
    release.migrate()
    *_, printed = release.call(CHECK).splitlines()
    assert json.loads(printed) == json.loads((FOLDER / "figures.json").read_text())
