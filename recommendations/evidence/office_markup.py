"""Finds what a Word, Excel or PowerPoint file would load or run when it is opened."""

import re

from recommendations.evidence import outside_links
from recommendations.evidence.formulas import unsafe_part
from recommendations.evidence.outside_links import is_external, is_script, refusal
from recommendations.evidence.word_fields import FieldReader
from recommendations.evidence.xml_reader import Attributes, attribute, local_name, values

_FORMULAS = frozenset(
    {
        *("f", "formula", "formula1", "formula2", "oldFormula", "definedName"),
        *("calculatedColumnFormula", "totalsRowFormula"),
    }
)
_FIELD_CODES = frozenset({"instrText", "delInstrText"})
_REFUSED_ELEMENTS = {
    "ddeLink": outside_links.PROGRAM,
    **dict.fromkeys(("oleLink", "externalBook"), outside_links.WORKBOOK),
    **dict.fromkeys(("dbPr", "webPr", "textPr", "olapPr"), outside_links.WORKBOOK),
    **dict.fromkeys(("connectString", "altChunk", "subDoc"), outside_links.CONTENT),
    **dict.fromkeys(("macrosheet", "dialogsheet", "customUI"), outside_links.MACROS),
    **dict.fromkeys(("ocx", "webextension"), outside_links.CONTROL),
    "script": outside_links.PROGRAM,  # of an SVG picture
}
_LINKS = frozenset({"hyperlink", "hlinkClick"})  # that load nothing until somebody clicks on them
_SOURCES = frozenset({"src", "althref", "manifestLocation"})
_PICTURES = frozenset({"image", "use", "feImage", "imagedata", "fill"})
_UNSAFE_ACTIONS = ("ppaction://program", "ppaction://macro")
_UNSAFE_TYPES = (
    (re.compile("macro|vba", re.IGNORECASE), outside_links.MACROS),
    (re.compile("activex", re.IGNORECASE), outside_links.CONTROL),
    (re.compile("webextension", re.IGNORECASE), outside_links.CONTROL),
)
_UNSAFE_NAMES = re.compile(r"(?:_xlnm\.)?auto_?(?:open|close|activate|deactivate)", re.IGNORECASE)


class OfficeChecker:
    """Checks one part. `external_ids` are those of its relationships to other places."""

    elements = frozenset(_REFUSED_ELEMENTS) | {
        "fldSimple",
        "fldChar",
        "definedName",
        "Override",
        "Default",
        "OLEObject",
        "oleObject",
        "control",
    }
    attributes = _SOURCES | {"href", "base", "link", "embed", "pict", "id", "action"}
    texts = _FORMULAS | _FIELD_CODES

    def __init__(self, *, name: str, external_ids: frozenset[str]) -> None:
        self._name = name
        self._external_ids = external_ids
        self._fields = FieldReader()

    def start(self, element: str, attributes: Attributes) -> None:
        if element in _REFUSED_ELEMENTS:
            raise refusal(self._name, _REFUSED_ELEMENTS[element])
        for name, value in attributes.items():
            self._check_attribute(element, name, value)
        if element == "fldSimple":
            self._fields.check(attribute(attributes, "instr"))
        elif element == "fldChar":
            self._fields.mark(attribute(attributes, "fldCharType"))
        elif element in ("Override", "Default"):
            self._check_type(attribute(attributes, "ContentType"))
        elif element == "definedName":
            self._check_name(attributes)
        elif element in ("OLEObject", "oleObject"):
            is_link = attribute(attributes, "Type").lower() == "link"
            if is_link or attribute(attributes, "link"):
                raise refusal(self._name, outside_links.CONTENT)
        elif element == "control" and not values(attributes, "shapeId"):
            raise refusal(self._name, outside_links.CONTROL)  # those of a form in Excel have one
        self._refuse_fields()

    def text(self, element: str, text: str) -> None:
        if element in _FIELD_CODES:
            self._fields.code(text)
            return
        if part := unsafe_part(text):
            raise refusal(self._name, outside_links.FORMULA.format(part))

    def finish(self) -> None:
        self._fields.finish()
        self._refuse_fields()

    def _refuse_fields(self) -> None:
        if self._fields.found:
            raise refusal(self._name, outside_links.FIELD.format(self._fields.found))

    def _check_attribute(self, element: str, name: str, value: str) -> None:
        local = local_name(name)
        if value in self._external_ids and name != local and element not in _LINKS:
            raise refusal(self._name, outside_links.CONTENT)
        if local == "action" and value.lower().startswith(_UNSAFE_ACTIONS):
            raise refusal(self._name, outside_links.PROGRAM)
        if is_script(value) and local in self.attributes:
            raise refusal(self._name, outside_links.PROGRAM)
        is_source = local in _SOURCES or name == "xml:base"
        is_picture = local == "href" and (
            element in _PICTURES or (name != local and element not in ("a", *_LINKS))
        )
        if (is_source or is_picture) and is_external(value):
            raise refusal(
                self._name, outside_links.PICTURE if is_picture else outside_links.CONTENT
            )

    def _check_type(self, content_type: str) -> None:
        for pattern, reason in _UNSAFE_TYPES:
            if pattern.search(content_type):
                raise refusal(self._name, reason)

    def _check_name(self, attributes: Attributes) -> None:
        is_macro = any(
            attribute(attributes, kind) in ("1", "true") for kind in ("xlm", "vbProcedure")
        )
        if is_macro or _UNSAFE_NAMES.match(attribute(attributes, "name")):
            raise refusal(self._name, outside_links.MACROS)


class RelationshipChecker:
    """Checks the relationships of a part: only hyperlinks may lead to another place.

    `external_ids` are the hyperlinks' own, which nothing but a hyperlink may use.
    """

    elements: frozenset[str] = frozenset()
    attributes = frozenset({"Target", "TargetMode", "Type", "base"})
    texts: frozenset[str] = frozenset()

    _REASONS = (
        (("/image",), outside_links.PICTURE),
        (("attachedTemplate",), outside_links.TEMPLATE),
        (("/externalLinkPath", "/externalLink", "PathMissing"), outside_links.WORKBOOK),
    )
    _REFUSED_TYPES = (
        (re.compile(r"macrosheet|vba|attachedToolbars", re.IGNORECASE), outside_links.MACROS),
        (re.compile(r"/control$|activex|webextension", re.IGNORECASE), outside_links.CONTROL),
        (re.compile(r"/extensibility$", re.IGNORECASE), outside_links.MACROS),
        (re.compile(r"/aFChunk$|/subDocument$", re.IGNORECASE), outside_links.CONTENT),
    )

    def __init__(self, *, name: str) -> None:
        self._name = name
        self.external_ids: set[str] = set()

    def start(self, element: str, attributes: Attributes) -> None:
        target, kind = attribute(attributes, "Target"), attribute(attributes, "Type")
        for pattern, reason in self._REFUSED_TYPES:
            if pattern.search(kind):
                raise refusal(self._name, reason)
        if is_script(target):
            raise refusal(self._name, outside_links.PROGRAM)
        if is_external(attribute(attributes, "base")):
            raise refusal(self._name, outside_links.CONTENT)
        mode = attribute(attributes, "TargetMode").strip().lower()
        if not is_external(target) and (mode != "external" or target in ("", "NULL")):
            return
        if kind.rpartition("/")[2] != "hyperlink":
            reasons = (reason for ends, reason in self._REASONS if kind.endswith(ends))
            raise refusal(self._name, next(reasons, outside_links.CONTENT))
        self.external_ids.add(attribute(attributes, "Id"))

    def text(self, element: str, text: str) -> None:
        """No texts are collected."""

    def finish(self) -> None:
        """Every relationship has been checked."""
