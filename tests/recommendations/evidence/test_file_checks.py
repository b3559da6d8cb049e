"""Which files are accepted as evidence, and the error messages for the others."""

import io

import pytest

from recommendations.evidence.file_checks import check
from recommendations.evidence.file_types import BY_CONTENT_TYPE, UnacceptableFile
from tests.recommendations.evidence.files import HOSTILE, WELCOME
from tests.recommendations.evidence.hostile_office import OUTSIDE
from tests.recommendations.evidence.hostile_pdf import ACTIVE, QUIET
from tests.recommendations.evidence.ordinary_office import ORDINARY

ACCEPTED = WELCOME | ORDINARY | QUIET
REFUSED = HOSTILE | OUTSIDE | {f"{name}.pdf": refused for name, refused in ACTIVE.items()}


def checked(name: str, content: bytes, *, is_scanned: bool = False) -> str:
    file = io.BytesIO(content)
    return check(file, name=name, size=len(content), is_scanned=is_scanned).decode()


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_ordinary_file_is_accepted(name):
    kind = BY_CONTENT_TYPE[checked(name, ACCEPTED[name])]
    extension = name.rpartition(".")[2].lower() if "." in name else "txt"
    assert extension in kind.extensions


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_gets_an_error_message(name):
    content, message = REFUSED[name]
    with pytest.raises(UnacceptableFile) as error:
        checked(name, content)
    assert message in str(error.value)
    assert str(error.value).startswith("“")


@pytest.mark.parametrize("name", ACTIVE)
def test_what_a_pdf_does_is_left_to_the_virus_scanner(name):
    assert checked(f"{name}.pdf", ACTIVE[name][0], is_scanned=True) == "application/pdf"
