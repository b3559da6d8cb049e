"""PDF files that do more than show their pages, and ones that do not."""

import hashlib
import zlib

from tests.recommendations.evidence.files import EXE, docx

_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_CATALOG, _PAGES, _PAGE, _PACK, _TABLE = 1, 2, 3, 90, 91
_SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def stream(data: bytes, entries: bytes = b"", *, is_packed: bool = True) -> bytes:
    data = zlib.compress(data) if is_packed else data
    packed = b"/Filter/FlateDecode" if is_packed else b""
    return b"<<%b%b/Length %d>>\nstream\n%b\nendstream" % (entries, packed, len(data), data)


def pdf(
    catalog: bytes = b"",
    objects: dict[int, bytes] | None = None,
    *,
    page: bytes = b"",
    trailer: bytes = b"",
    is_packed: bool = False,
) -> bytes:
    """A file of one page. Its objects are in the open, or packed in an object stream."""
    objects = {
        _CATALOG: b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
        _PAGES: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        _PAGE: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]%b>>" % page,
    } | (objects or {})
    packed = [number for number in objects if is_packed and b"stream" not in objects[number]]
    if packed:
        head, body = b"", b""
        for number in packed:
            head += b"%d %d " % (number, len(body))
            body += objects[number] + b" "
        entries = b"/Type/Obj#53tm/N %d/First %d" % (len(packed), len(head))
        objects[_PACK] = stream(head + body, entries)
    written, rows = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        if number in packed:
            rows[number] = b"\2" + _PACK.to_bytes(4) + bytes([packed.index(number)])
        else:
            rows[number] = b"\1" + len(written).to_bytes(4) + b"\0"
            written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(written)
    rows[_TABLE] = b"\1" + start.to_bytes(4) + b"\0"
    table = b"".join(rows.get(number, bytes(6)) for number in range(_TABLE + 1))
    entries = b"/Type/XRef/Size %d/W[1 4 1]/Root 1 0 R%b" % (_TABLE + 1, trailer)
    written += b"%d 0 obj\n%b\nendobj\n" % (_TABLE, stream(table, entries))
    return written + b"startxref\n%d\n%%%%EOF\n" % start


def attached(data: bytes, name: bytes = b"(notes.bin)", entries: bytes = b"") -> bytes:
    """A file of the document, by its name."""
    return pdf(
        b"/Names<</EmbeddedFiles<</Names[(a) 5 0 R]>>>>",
        {5: b"<</Type/Filespec/F%b/EF<</F 6 0 R>>>>" % name, 6: stream(data, entries)},
    )


def encrypted(*, has_password: bool) -> bytes:
    """Encrypted as in version 1.1, with an empty password or with another one."""
    owner, identifier = b"o" * 32, b"i" * 16
    permissions = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(_PAD + owner + permissions + identifier).digest()[:5]
    user = b"u" * 32 if has_password else _rc4(key, _PAD)
    rules = b"<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>" % (
        owner.hex().encode(),
        user.hex().encode(),
    )
    name = identifier.hex().encode()
    return pdf(trailer=b"/Encrypt 8 0 R/ID[<%b><%b>]" % (name, name), objects={8: rules})


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, i = list(range(256)), 0, 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    result = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        result.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(result)


ACTIVE = {
    "script when opened": (pdf(b"/OpenAction" + _SCRIPT), "contains a script"),
    "encoded name": (pdf(b"/OpenAction<</S/J#61vaScript/#4AS(x)>>"), "contains a script"),
    "packed script": (pdf(b"/OpenAction 5 0 R", {5: _SCRIPT}, is_packed=True), "a script"),
    "named script": (
        pdf(b"/Names<</JavaScript<</Names[(a) 5 0 R]>>>>", {5: _SCRIPT}, is_packed=True),
        "contains a script",
    ),
    "script of a page": (pdf(page=b"/AA<</O 5 0 R>>", objects={5: _SCRIPT}), "contains a script"),
    "script of a link": (
        pdf(page=b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A 5 0 R>>]", objects={5: _SCRIPT}),
        "contains a script",
    ),
    "script behind a false end": (
        pdf(
            b"/OpenAction 6 0 R",
            {5: stream(b"x endstream x", is_packed=False), 6: _SCRIPT, 7: stream(b"x")},
        ),
        "contains a script",
    ),
    "script in a damaged file": (
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj\n%%EOF\n",
        "contains a script",
    ),
    "form with scripts": (pdf(b"/AcroForm<</XFA 5 0 R>>", {5: stream(b"<x/>")}), "a script"),
    "program": (pdf(b"/OpenAction<</S/Launch/F(calc.exe)>>"), "can start a program"),
    "packed program": (
        pdf(b"/OpenAction 5 0 R", {5: b"<</S/Launch/F(a)>>"}, is_packed=True),
        "a program",
    ),
    "sending a form": (pdf(b"/A<</S/SubmitForm/F(http://x/)>>"), "a form that sends"),
    "loading a form": (pdf(b"/A<</S/ImportData/F(a)>>"), "loads data"),
    "opening another file": (pdf(b"/A<</S/GoToE/F(\\\\\\\\x\\\\a)>>"), "opens another file"),
    "opening a page": (pdf(b"/OpenAction 5 0 R", {5: b"<</S/URI/URI(x)>>"}), "opens a web page"),
    "attached program": (attached(EXE), "a program, an archive or a web page attached"),
    "attached archive": (attached(docx()), "a program, an archive or a web page attached"),
    "attached by name": (attached(b"x", b"<FEFF0061002E006A0073>"), "attached"),
    "attached in an odd way": (
        attached(b"x", entries=b"/Filter/LZWDecode/Type/EmbeddedFile"),
        "attached",
    ),
    "encrypted": (encrypted(has_password=False), "is encrypted"),
    "with a password": (encrypted(has_password=True), "is encrypted"),
}

QUIET = {
    "one page.pdf": pdf(),
    "packed.pdf": pdf(is_packed=True),
    "place to open at.pdf": pdf(b"/OpenAction[3 0 R/XYZ null null 0]"),
    "link.pdf": pdf(page=b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(x)>>>>]"),
    "attached notes.pdf": attached(b"only words"),
    "words of a page.pdf": pdf(
        page=b"/Contents 5 0 R", objects={5: stream(b"(/JavaScript /Launch) Tj", is_packed=False)}
    ),
}
