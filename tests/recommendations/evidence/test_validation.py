"""Which files are accepted as evidence, and the error messages for the others."""

import hashlib
import io

import pytest

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.evidence.validation import inspect
from tests.recommendations.evidence.files import HOSTILE, WELCOME


@pytest.mark.parametrize("name", WELCOME)
def test_an_ordinary_file_is_accepted(name):
    content = WELCOME[name]
    upload = inspect(io.BytesIO(content), name=name, size=len(content))
    assert upload.size == len(content)
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    extension = name.rpartition(".")[2].lower() if "." in name else "txt"
    assert extension in upload.kind.extensions


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_an_error_message(name):
    content, message = HOSTILE[name]
    with pytest.raises(UnacceptableFile) as error:
        inspect(io.BytesIO(content), name=name, size=len(content))
    assert message in str(error.value)
    assert str(error.value).startswith("“")
