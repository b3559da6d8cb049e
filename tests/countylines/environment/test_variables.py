"""`docs/configuration.md` is written from the declarations of the variables."""

import os
import re

from countylines.environment import VARIABLES
from countylines.environment.variable import Variable
from tests.countylines.environment.conftest import ROOT

PATH = ROOT / "docs" / "configuration.md"
COMMAND = "WRITE_CONFIGURATION=yes ./dev test tests/countylines/environment -q -n0"
HEAD = f"""# Environment variables
`countylines/environment/variables.py` declares and checks them. If one is missing, malformed or
unsafe, every process ends with exit code 1 and a sentence that names it.
This table is written by `{COMMAND}`.

| variable | meaning | default |
| --- | --- | --- |
"""


def row(variable: Variable) -> str:
    default = "*required in production*" if variable.required_because else ""
    if variable.default and not variable.required_because:
        default = f"`{variable.default}`"
    return f"| `{variable.name}` | {variable.about} | {default} |"


def test_the_documented_table_is_that_of_the_declarations():
    text = HEAD + "\n".join(map(row, VARIABLES)) + "\n"
    if os.environ.get("WRITE_CONFIGURATION"):
        PATH.write_text(text)
    assert PATH.read_text() == text, f"write it again: {COMMAND}"


def test_the_compose_file_passes_only_declared_variables_to_the_service():
    text = (ROOT / "docker-compose.yml").read_text()
    block = text.split("&app-environment\n")[1].split("  depends_on:")[0]
    assert set(re.findall(r"^    ([A-Z_]+):", block, re.MULTILINE)) <= {v.name for v in VARIABLES}
