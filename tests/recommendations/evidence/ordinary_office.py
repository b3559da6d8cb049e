"""Documents as Word, Excel, PowerPoint and LibreOffice write them."""

import io

import xlsxwriter
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as Picture
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.recommendations.evidence.files import docx, image, office, open_document
from tests.recommendations.evidence.hostile_office import formula, links, runs


def workbook() -> bytes:
    """A chart, a comment, a table, a picture, a link, rules, names, and formulas."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Kent|Essex"
    for row in (["force", "n|o"], ["Kent", 3], ["Essex", '=IF(A1="a|b",1,SUM(B2:B2))']):
        sheet.append(row)
    sheet["D1"].hyperlink = "https://www.gov.uk/"
    sheet["D2"] = "='Kent|Essex'!B2&HYPERLINK(\"https://www.gov.uk/image(1)\")"
    sheet["A1"].comment = Comment("call (later) | image(s)", "Jo")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    sheet.add_table(Table(displayName="Figures", ref="A1:B3"))
    sheet.add_image(Picture(io.BytesIO(image())), "F20")
    validation = DataValidation(type="list", formula1='"a|b,c"')
    validation.add("A9")
    sheet.add_data_validation(validation)
    sheet.conditional_formatting.add("A1:B3", FormulaRule(formula=["$A1>1"]))
    book.defined_names["image"] = DefinedName("image", attr_text="'Kent|Essex'!$A$1")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook_of_xlsxwriter() -> bytes:
    """A picture in a cell, whose links this program puts in a part with a slash before its name."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().embed_image(0, 0, "a.png", {"image_data": io.BytesIO(image())})
    return file.getvalue()


def word_document() -> bytes:
    contents = runs(" TOC \\o ").replace(
        '<w:r><w:fldChar w:fldCharType="end"/>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + runs(' HYPERLINK \\l "_Toc1" ')
        + '<w:r><w:fldChar w:fldCharType="end"/>',
    )
    body = (
        '<w:hyperlink r:id="rId1"><w:r><w:t>LINK to us | them</w:t></w:r></w:hyperlink>'
        '<v:shape href="https://www.gov.uk/"/><m:f><m:num><m:r><m:t>|x|</m:t></m:r></m:num></m:f>'
        f"{contents}{runs(' PAGE ')}{runs(' IF ', '1=1 a ')}{runs(' = 1+1 ')}"
        f'<w:fldSimple w:instr=" NUMPAGES "/><a:blip r:embed="rId2"/>'
    )
    relationships = links("hyperlink", "https://www.gov.uk/").replace(
        b"</Rel", b'<Relationship Id="rId2" Type="x/image" Target="media/a.png"/></Rel'
    )
    return docx(
        {
            "word/document.xml": f"<w:document>{body}</w:document>".encode(),
            "word/_rels/document.xml.rels": relationships,
            "word/media/a.png": image(),
            "word/media/a.svg": b"<!DOCTYPE svg><svg><use href='#a'/></svg>",
            "customXml/item1.xml": b'<?xml version="1.0" encoding="utf-8"?><!-- x --><a/>',
            "word/vmlDrawing1.vml": b"<xml><div>one<br>two</div></xml>",
        }
    )


def slides() -> bytes:
    return office(
        "ppt",
        {
            "ppt/slides/a.xml": b'<p:sld><a:hlinkClick r:id="rId1"/>'
            b'<a:hlinkClick r:id="" action="ppaction://hlinkshowjump?jump=nextslide"/></p:sld>',
            "ppt/slides/_rels/a.xml.rels": links("hyperlink", "mailto:a@example.org"),
            "ppt/notesSlides/a.xml": b"<p:notes><a:t>DDE, see \\\\x</a:t></p:notes>",
            "ppt/embeddings/Microsoft_Excel_Sheet.xlsx": workbook(),
        },
    )


def open_text() -> bytes:
    return open_document(
        "text",
        {
            "content.xml": b"<o><office:scripts/><form:form xlink:href=''/>"
            b"<text:a xlink:href='https://www.gov.uk/'/><text:a xlink:href='../other.odt'/>"
            b"<draw:image xlink:href='Pictures/a.png'/><draw:object xlink:href='./Object 1'/>"
            b"<presentation:event-listener script:event-name='dom:click' "
            b"presentation:action='next-page'/></o>",
            "Object 1/content.xml": b"<o><chart:chart xlink:href='..'/>"
            b"<draw:image xlink:href='../Pictures/a.png'/></o>",
            "meta.xml": b"<o><meta:template xlink:href='file:///C:/a.ott'/></o>",
            "Pictures/a.png": image(),
        },
    )


def open_spreadsheet() -> bytes:
    formulas = ("of:=SUM([.A1:.A2])", "of:={1|2;3|4}", "of:=['A|B'.A1]&quot;|&quot;")
    cells = "".join(f'<c table:formula="{text}"/>' for text in formulas)
    return open_document("spreadsheet", {"content.xml": f"<o>{cells}</o>".encode()})


ORDINARY = {
    "figures.xlsx": workbook(),
    "picture.xlsx": workbook_of_xlsxwriter(),
    "formula.xlsx": formula('IFERROR(Table1[[#This Row],[a|b]],RECALL(1)&amp;"CALL(1)")'),
    "plan.docx": word_document(),
    "slides.pptx": slides(),
    "text.odt": open_text(),
    "figures.ods": open_spreadsheet(),
    "pipes.csv": b"a|b,c\n-5,x | y!\n- call us | them,=SUM(1;2)\n",
}
