"""Spreadsheets as programs store them, written part by part, and a reader for them."""

import io
import json
import zipfile
from dataclasses import asdict
from xml.sax.saxutils import escape, quoteattr

from recommendations.imports.columns import HEADINGS
from recommendations.imports.sheet_reader import read
from recommendations.imports.spreadsheet import UPDATES_LAYOUT
from tests.recommendations.imports.files import row

TRANSITIONAL = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
STRICT = (
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PLACE = {heading: "ABCDEFGHIJ"[place] for place, heading in enumerate(HEADINGS)}


def read_table(content: bytes, *, name: str = "updates.xlsx") -> dict:
    """Return what the reader finds, without a process of its own."""
    layout = asdict(UPDATES_LAYOUT) | {"key_headings": list(UPDATES_LAYOUT.key_headings)}
    return json.loads(read(io.BytesIO(content), name=name, layout=layout))


def read_cells(content: bytes, *, name: str = "updates.xlsx") -> dict:
    """Return the cells of the only row."""
    ((_, cells, _, _),) = read_table(content, name=name)["rows"]
    return cells


def text_cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def line(number: int, *cells: str, attributes: str = "") -> str:
    return f'<row r="{number}" {attributes}>{"".join(cells)}</row>'


def head(number: int = 1) -> str:
    return line(number, *(text_cell(f"{at}{number}", name) for name, at in PLACE.items()))


def answers(number: int = 2, *, attributes: str = "", **replaced: str) -> str:
    """Return a valid row. `replaced` has the XML of other cells, by column letter."""
    texts = {PLACE[heading]: str(text) for heading, text in row().items()}
    cells = {at: text_cell(f"{at}{number}", text) for at, text in texts.items()} | replaced
    return line(number, *(cells[at] for at in sorted(cells)), attributes=attributes)


def xlsx(
    *rows: str,
    formats: tuple[str, ...] = (),
    strings: tuple[str, ...] = (),
    before: str = "",
    after: str = "",
    book: str = "",
    namespaces: tuple[str, str] = TRANSITIONAL,
    sheets: tuple[tuple[str, str, str], ...] = (),
) -> bytes:
    """Return an XLSX file. The number formats are those of the styles 1, 2 and so on.

    `sheets` has name, attributes and rows of sheets after “Sheet1”, which has `rows`.
    """
    main, office = namespaces
    parts = [("Sheet1", "", "".join(rows), before, after)]
    parts += [(name, attributes, xml, "", "") for name, attributes, xml in sheets]
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        overrides = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
        overrides += [("/xl/sharedStrings.xml", "sharedStrings")]
        overrides += [(f"/xl/worksheets/s{n}.xml", "worksheet") for n in range(len(parts))]
        listed = "".join(
            f'<Override PartName="{part}" ContentType="{types}.{kind}+xml"/>'
            for part, kind in overrides
        )
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{listed}</Types>')  # fmt: skip  # noqa: E501
        archive.writestr("_rels/.rels", _relationships(office, [("officeDocument", "xl/workbook.xml")]))  # fmt: skip  # noqa: E501
        links = [("worksheet", f"worksheets/s{n}.xml") for n in range(len(parts))]
        links += [("styles", "styles.xml"), ("sharedStrings", "/xl/sharedStrings.xml")]
        archive.writestr("xl/_rels/workbook.xml.rels", _relationships(office, links))
        names = "".join(
            f'<sheet name="{name}" sheetId="{n + 1}" r:id="r{n}" {attributes}/>'
            for n, (name, attributes, *_) in enumerate(parts)
        )
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}">{book}<sheets>{names}</sheets></workbook>')  # fmt: skip  # noqa: E501
        codes = "".join(
            f'<numFmt numFmtId="{200 + n}" formatCode={quoteattr(code)}/>'
            for n, code in enumerate(formats)
        )
        styles = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{main}"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>')  # fmt: skip  # noqa: E501
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{"".join(strings)}</sst>')
        for n, (_, _, xml, first, last) in enumerate(parts):
            archive.writestr(f"xl/worksheets/s{n}.xml", f'<worksheet xmlns="{main}">{first}<sheetData>{xml}</sheetData>{last}</worksheet>')  # fmt: skip  # noqa: E501
    return file.getvalue()


def _relationships(office: str, links: list[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="r{n}" Type="{office}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(links)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = " ".join(
    f'xmlns:{name}="{_ODF}{rest}"'
    for name, rest in (("office", "office:1.0"), ("table", "table:1.0"), ("text", "text:1.0"),
                       ("style", "style:1.0"))
)  # fmt: skip


def ods(*tables: str, styles: str = "") -> bytes:
    """Return an ODS file with these tables."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} office:version="1.3"><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{"".join(tables)}</office:spreadsheet></office:body></office:document-content>')  # fmt: skip  # noqa: E501
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>')  # fmt: skip  # noqa: E501
    return file.getvalue()


def ods_table(*rows: str, name: str = "Updates", attributes: str = "", columns: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>{columns}{"".join(rows)}</table:table>'


def ods_row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def ods_text(text: str) -> str:
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def ods_head() -> str:
    return ods_row(*map(ods_text, HEADINGS))


def ods_answers(*, attributes: str = "", **replaced: str) -> str:
    """Return a valid row. `replaced` has the XML of other cells, by column letter."""
    cells = {PLACE[heading]: ods_text(str(text)) for heading, text in row().items()} | replaced
    return ods_row(*(cells[at] for at in sorted(cells)), attributes=attributes)
