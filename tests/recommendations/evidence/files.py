"""Files that people send, and files that an attacker would."""

import io
import struct
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

from openpyxl import Workbook
from PIL import Image

from tests.recommendations.evidence.ole import ole_file

EXE = b"MZ\x90\x00" + b"\x00" * 200
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
# In two pieces, so that a scanner does not take this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MAIN = {"word": "wordprocessingml.document", "ppt": "presentationml.presentation"}
REMOTE = b'<Relationship Target="http://x/" TargetMode="External" Type="x/attachedTemplate"/>'
QUOTED = REMOTE.replace(b'"', b"'")
PREFIXED = b'<p:R xmlns:p="urn:p">' + REMOTE.replace(b"<Rel", b"<p:Rel") + b"</p:R>"
DOCUMENT = b"<w:document/>"
_SOUND = "\\\\x\\a.wav".encode("utf-16-le")


def archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def office(folder: str, parts: dict[str, bytes] | None = None, *, types: str = "") -> bytes:
    """A Word or PowerPoint file with further parts."""
    content = f'<Types><Override ContentType="x.{MAIN[folder]}.main+xml"/>{types}</Types>'
    first = {"[Content_Types].xml": content.encode(), f"{folder}/a.xml": DOCUMENT}
    return archive(first | (parts or {}))


def docx(parts: dict[str, bytes] | None = None, *, types: str = "") -> bytes:
    return office("word", parts, types=types)


def xlsx() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


def xlsx_with(parts: dict[str, bytes]) -> bytes:
    """A workbook with further parts."""
    buffer = io.BytesIO(xlsx())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def open_document(kind: str = "text", parts: dict[str, bytes] | None = None) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return archive({"mimetype": mimetype, "content.xml": b"<office/>"} | (parts or {}))


def image(kind: str = "PNG", size: tuple[int, int] = (20, 10)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "navy").save(buffer, kind)
    return buffer.getvalue()


def email_file(attached: dict[str, bytes] | None = None) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "officer@example.org", "The plan"
    message.set_content("It is attached.")
    message.add_alternative("<p>It is attached.</p>", subtype="html")
    for name, content in (attached or {}).items():
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def deep_email_file() -> bytes:
    """Multiparts in multiparts, deeper than a parser can go."""
    head = "From: a@b\nMIME-Version: 1.0\n"
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(1200)
    )
    return f"{head}{parts}Content-Type: text/plain\n\nx".encode()


def wide_email_file() -> bytes:
    parts = "--b\n\nx\n" * 1_001
    return f'From: a@b\nContent-Type: multipart/mixed; boundary="b"\n\n{parts}--b--'.encode()


def animation() -> bytes:
    """A GIF with many small frames."""
    whole = image("GIF", size=(1, 1))
    start = whole.index(b",")
    return whole[:start] + whole[start:-1] * 501 + b";"


def odd_profile() -> bytes:
    """A picture with an empty colour profile after its points."""
    whole = image()
    end = whole.index(b"IEND") - 4
    chunk = b"\0\0\0\0iCCP" + zlib.crc32(b"iCCP").to_bytes(4, "big")
    return whole[:end] + chunk + whole[end:]


TECHNICAL = {  # what mail programs attach by themselves
    "smime.p7s": b"0\x82\x01\x0a\x06\x09*\x86H\x86\xf7\r\x01\x07\x02" + bytes(range(256)),
    "signature.asc": b"-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----\n",
    "invite.ics": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    "Kay Ent.vcf": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Kay Ent\r\nEND:VCARD\r\n",
    "ATT00001.htm": b"<html><body><p>Sent from a phone</p></body></html>",
    "winmail.dat": b"\x78\x9f\x3e\x22" + b"\0" * 60,
    "image001": image(),
    "empty.txt": b"",
    "plan.docx": docx(),
}


def outlook(attached: dict[str, bytes] | None = None) -> bytes:
    streams = {"__properties_version1.0": b"\x00"}
    for number, (name, content) in enumerate((attached or {}).items()):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[f"{folder}/__substg1.0_3707001E"] = name.encode()
        streams[f"{folder}/__substg1.0_37010102"] = content
    return ole_file(streams)


def bomb() -> bytes:
    """A gigabyte of spaces in a megabyte."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("[Content_Types].xml", "wordprocessingml.document.main+xml")
        with opened.open("word/a.xml", "w", force_zip64=True) as part:
            for _ in range(1024):
                part.write(b" " * 1024 * 1024)
    return buffer.getvalue()


def lying_bomb() -> bytes:
    """Its headers say that it holds a few bytes."""
    whole = docx({"word/bomb": b"\0" * 50_000_000})
    real = struct.pack("<I", 50_000_000)
    return whole.replace(real, struct.pack("<I", 900))


def huge_picture() -> bytes:
    """A PNG of 60,000 by 60,000 points in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        )

    head = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 60_001)) + chunk(b"IEND", b"")


def with_password() -> bytes:
    """The flag of an encrypted entry, in both headers."""
    plain = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = plain.find(mark)
        plain[start + place] |= 1
    return bytes(plain)


WELCOME = {
    "plan.pdf": PDF,
    "plan.docx": docx(),
    "figures.xlsx": xlsx(),
    "briefing.pptx": office("ppt"),
    "with a chart.pptx": office("ppt", {"ppt/embeddings/a.xlsx": xlsx()}),
    "plan.odt": open_document(),
    "figures.ods": open_document("spreadsheet"),
    "slides.odp": open_document("presentation"),
    "map.png": image(),
    "photo.jpg": image("JPEG"),
    "PHOTO.JPEG": image("JPEG"),
    "sign.gif": image("GIF"),
    "sign.webp": image("WEBP"),
    "notes.txt": "Café, £5, 3 < 4".encode(),
    "notes of word.txt": "Café, £5 €".encode("cp1252"),
    "notes of excel.txt": "Café, £5".encode("utf-16"),
    "README": b"plain words",
    "diary.txt": b"Date: Monday. We met at nine.\nAll forces were there.\n",
    "by chance.jpg": image("JPEG") + b"\x00<svg\x9f\x01",
    "figures.csv": b"force,count\nKent,3\n",
    "printed.pdf": b"\x1b%-12345X@PJL JOB\r\n" + PDF,
    "padded.pdf": PDF + b"\0" * 5_000 + b"\r\n" * 500,
    "mail.eml": email_file({"plan.pdf": PDF, "mail.eml": email_file()}),
    "signed.eml": email_file(TECHNICAL),
    "signed.msg": outlook({name: TECHNICAL[name] for name in ("smime.p7s", "invite.ics")}),
    "program.eml": email_file({"plan.pdf": EXE}),
    "program.msg": outlook({"plan.exe": EXE}),
    "odd sender 1.eml": b"From: <\nTo: a@b\n\nx",
    "odd sender 2.eml": b'From: "\nTo: a@b\n\nx',
    "odd sender 3.eml": b"From: a@[\nTo: a@b\n\nx",
    "after a mark.eml": b"\xef\xbb\xbfFrom: a@b\nTo: a@b\n\nx",
    "draft.eml": b"To: a@b\nSubject: The plan\nX-Unsent: 1\n\nx",
    "mail.msg": outlook({"notes.txt": b"All of it is done." + b" " * 4090}),
}

HOSTILE = {
    "page.html": (b"<!DOCTYPE html><script>alert(1)</script>", "is a web page"),
    "page.txt": (b"Hello <script>alert(1)</script>", "is a web page"),
    "page.pdf": (b"<html><body>hello</body></html>", "is a web page"),
    "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "an SVG image"),
    "drawing.png": (b"<svg/>", "an SVG image"),
    "program.pdf": (EXE, "must be a PDF"),
    "plan.exe": (b"plain words", "must be a PDF"),
    "archive.zip": (archive({"plan.pdf": PDF}), "is an archive"),
    "archive.rar": (b"Rar!\x1a\x07\x00" + b"\0" * 50, "is an archive. Upload the files"),
    "photo.heic": (
        b"\0\0\0\x18ftypheic" + b"\0" * 50,
        "is a HEIC or AVIF photo. Save it as a JPEG",
    ),
    "scan.tif": (b"II*\0" + b"\0" * 50, "is a TIFF image"),
    "plan.rtf": (rb"{\rtf1 words}", "is a rich text document"),
    "mail.txt": (b"From: a@b\nTo: c@d\n\nx", "but it is an email message (.eml)"),
    "pdf and archive.pdf": (PDF + archive({"a.js": b"x"}), "two types of file"),
    "pdf and more.pdf": (PDF + b"<html>" * 1000, "something else after the end of the PDF"),
    "page and pdf.pdf": (b"<!-- -->\n" + PDF, "two types of file"),
    "broken off.pdf": (b"%PDF-1.7\n1 0 obj", "the end of the PDF is missing"),
    "picture and script.gif": (image("GIF") + b"<script>alert(1)</script>", "a script"),
    "picture and archive.jpg": (image("JPEG") + archive({"a": b"x"}), "two types of file"),
    "picture and page.png": (image() + b"<html><body>", "a web page or a script"),
    "damaged.png": (image()[:40], "looks like an image but cannot"),
    "odd profile.png": (odd_profile(), "looks like an image but cannot"),
    "bomb.png": (huge_picture(), "more than 100 million pixels"),
    "bomb.docx": (bomb(), "is much larger when unpacked"),
    "lying bomb.docx": (lying_bomb(), "damaged"),
    "nested.docx": (docx({"word/inner": archive({"a": b"x"})}), "contains an archive"),
    "macros.docm": (docx({"word/b": b"x"}, types="macroEnabled"), "contains macros"),
    "macros.docx": (archive({"[Content_Types].xml": b"", "word/vbaProject.bin": b"x"}), "macros"),
    "many parts.docx": (docx({f"a{n}": b"" for n in range(5000)}), "more than 5,000 parts"),
    "animation.gif": (animation(), "an animation with more than 500 frames"),
    "external.eml": (b"From: a@b\nContent-Type: message/external-body\n\nx", "another place"),
    "many parts.eml": (wide_email_file(), "more than 1,000 parts"),
    "sound.msg": (
        ole_file({"__properties_version1.0": b"x", "__substg1.0_851F001F": _SOUND}),
        "loads something from another place",
    ),
    "old.doc": (ole_file({"WordDocument": b"x"}), "old Word format"),
    "old.xls": (ole_file({"Workbook": b"x"}), "old Excel format"),
    "locked.xlsx": (ole_file({"EncryptedPackage": b"x"}), "password"),
    "locked.docx": (with_password(), "password"),
    "entities.docx": (docx({"word/b.xml": b'<!DOCTYPE a [<!ENTITY x "y">]>'}), "definitions"),
    "remote.docx": (docx({"word/_rels/a.rels": REMOTE}), "from another place"),
    "remote in other quotes.docx": (docx({"word/_rels/a.rels": QUOTED}), "from another place"),
    "remote with a prefix.docx": (docx({"word/_rels/a.rels": PREFIXED}), "from another place"),
    "remote in utf-16.docx": (
        docx({"word/_rels/a.rels": REMOTE.decode().encode("utf-16")}),
        "a text encoding",
    ),
    "named encoding.docx": (
        docx({"word/a.xml": b"<?xml version='1.0' encoding='utf-7'?><a/>"}),
        "a text encoding",
    ),
    "broken links.docx": (docx({"word/_rels/a.rels": b"<Relationship"}), "links cannot be read"),
    "program inside.docx": (docx({"word/embeddings/a": EXE}), "a program"),
    "climbing.docx": (archive({"../../etc/x": b"x"}), "outside it"),
    "damaged.docx": (docx()[:-30], "damaged"),
    "deep.eml": (deep_email_file(), "cannot be read as an email message"),
    "not mail.eml": (b"just words", "cannot be read as an email message"),
    "wrong.pdf": (docx(), "but it is a Word document"),
    "wrong.docx": (PDF, "but it is a PDF document"),
    "control.csv": (b"a,b\n\x00\x01,2\n", "must be a PDF"),
}


def files_in(folder: Path) -> list[Path]:
    """Return the stored files; those in the bin are not among them."""
    return [path for path in folder.glob("??/*") if path.is_file()]
