"""A file that is no spreadsheet we read is refused with what it is, not with what it lacks."""

import pytest

from recommendations.evidence.file_types import UnacceptableFile
from tests.recommendations.evidence.files import archive, docx, with_password
from tests.recommendations.evidence.ole import ole_file
from tests.recommendations.imports.sheets.files import read_table

ODF = b"application/vnd.oasis.opendocument."
XML = b'<?xml version="1.0"?>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ole_file({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "protected with a password"),
        (with_password(), "protected with a password"),
        (ole_file({"Workbook": b"x"}), r"in the old Excel format \(\.xls\)"),
        (ole_file({"Book": b"x"}), r"in the old Excel format \(\.xls\)"),
        (ole_file({"WordDocument": b"x"}), "in an old Office format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "is damaged"),
        (archive({"Index/Document.iwa": b"x"}), "is an Apple Numbers file"),
        (archive({"Index.zip": b"x"}), "is an Apple Numbers file"),
        (archive({"[Content_Types].xml": b"x", "xl/workbook.bin": b"x"}), r"\(\.xlsb\)"),
        (archive({"mimetype": ODF + b"spreadsheet-template"}), "is a template"),
        (archive({"[Content_Types].xml": b"x.spreadsheetml.template.main+xml"}), "is a template"),
        (
            archive({"[Content_Types].xml": b"x", "xl\\workbook.xml": b"x"}),
            "names its parts",
        ),
        (archive({"updates.csv": b"x"}), "is an archive"),
        (docx(), "is a Word document"),
        (b"%PDF-1.7", "is a PDF document"),
        (b"{\\rtf1", "is a text document"),
        (b"\x1f\x8b\x08", "is a compressed archive"),
        (b"<html><table><tr><td>Organisation", "is a web page, whatever its name says"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "is a web page"),
        ("<html><table>".encode("utf-16"), "is a web page"),
        (XML + b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML spread"),
        (XML + b'<office:document xmlns="urn:oasis:names:tc:opendocument:x">', "flat OpenDocument"),
        (b"PK\x03\x04", "is damaged"),
        (b"\x00\x01" * 50, "must be a spreadsheet"),
        (b" \r\n\r\n", "has no cells with text"),
    ],
)
def test_another_kind_of_file_is_named(content, reason):
    with pytest.raises(UnacceptableFile, match=reason):
        read_table(content)
