"""Uploads are checked in a process of their own, and PDF files with scripts need a scanner."""

import hashlib
import io

import pytest

from recommendations.evidence.file_types import EXCEL, PDF, UnacceptableFile
from recommendations.evidence.validation import Inspected, inspect
from tests.recommendations.evidence import files
from tests.recommendations.evidence.hostile_pdf import ACTIVE


def inspected(name: str, content: bytes) -> Inspected:
    return inspect(io.BytesIO(content), name=name, size=len(content))


def test_an_upload_gets_a_type_and_a_fingerprint():
    content = files.xlsx()
    upload = inspected("../figures.xlsx", content)
    assert (upload.name, upload.kind, upload.size) == ("figures.xlsx", EXCEL, len(content))
    assert upload.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("nothing.pdf", b"", "“nothing.pdf” is empty"),
        ("large.pdf", b"\0" * 21_000_000, "is 21.0 MB. Files can be up to 20 MB"),
        ("plan\u202efdp.exe", files.EXE, "“planfdp.exe” must be"),
        ("huge.png", files.huge_picture(), "more than 100 million pixels"),
    ],
)
def test_an_unacceptable_upload_gets_an_error_message(name, content, message):
    with pytest.raises(UnacceptableFile, match=message):
        inspected(name, content)


def test_a_pdf_with_a_script_is_accepted_only_if_it_will_be_scanned(settings):
    content, message = ACTIVE["script when opened"]
    with pytest.raises(UnacceptableFile, match=message):
        inspected("plan.pdf", content)
    settings.CLAMD_URL = "clamd://127.0.0.1:3310"
    assert inspected("plan.pdf", content).kind is PDF
