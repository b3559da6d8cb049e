"""Finds what an OpenDocument file would load or run when it is opened."""

from recommendations.evidence import outside_links
from recommendations.evidence.formulas import unsafe_part
from recommendations.evidence.outside_links import is_external, is_script, leaves_folder, refusal
from recommendations.evidence.xml_reader import Attributes, values

_REFUSED_ELEMENTS = {
    **dict.fromkeys(("script", "execute-macro"), outside_links.MACROS),
    **dict.fromkeys(("plugin", "applet", "floating-frame"), outside_links.CONTROL),
    **dict.fromkeys(
        ("dde-connection-decl", "dde-connection", "dde-source", "dde-link"), outside_links.PROGRAM
    ),
    "submission": outside_links.PROGRAM,  # of a form
    "encryption-data": outside_links.PASSWORD,
}
# What LibreOffice's own slide shows do: nothing runs, and nothing outside is loaded.
_SAFE_ACTIONS = {
    *("none", "previous-page", "next-page", "first-page", "last-page", "hide", "stop"),
    *("show", "fade-out", "sound", "last-visited-page"),
}
_LINKS = {"a", "event-listener"}  # that load nothing until somebody clicks on them
_PICTURES = {"image", "fill-image", "background-image", "list-level-style-image"}
_MACRO_NAMES = ("macro-name", "language")  # of an event
_ADDRESSES = ("href", "src", "base", "action")


class OpenDocumentChecker:
    """Checks one part, whose path in the package is `part`."""

    elements = frozenset(_REFUSED_ELEMENTS) | {"event-listener"}
    attributes = frozenset({*_ADDRESSES, "formula"})
    texts: frozenset[str] = frozenset()

    def __init__(self, *, name: str, part: str) -> None:
        self._name = name
        self._part = part

    def start(self, element: str, attributes: Attributes) -> None:
        if element in _REFUSED_ELEMENTS:
            raise refusal(self._name, _REFUSED_ELEMENTS[element])
        if element == "event-listener":
            self._check_event(attributes)
        for name in _ADDRESSES:
            for address in values(attributes, name):
                self._check_address(element, address)
        for formula in values(attributes, "formula"):
            if part := unsafe_part(formula):
                raise refusal(self._name, outside_links.FORMULA.format(part))

    def text(self, element: str, text: str) -> None:
        """No texts are collected."""

    def finish(self) -> None:
        """Every element has been checked."""

    def _check_event(self, attributes: Attributes) -> None:
        """Only the events of slides have an action; the others run a macro."""
        actions = values(attributes, "action")
        is_macro = not actions or any(values(attributes, name) for name in _MACRO_NAMES)
        if is_macro or not _SAFE_ACTIONS.issuperset(actions):
            raise refusal(self._name, outside_links.PROGRAM)

    def _check_address(self, element: str, address: str) -> None:
        if is_script(address):
            raise refusal(self._name, outside_links.PROGRAM)
        if element in _LINKS:
            return
        if element == "template":  # only a note of where the document comes from, if it is local
            if is_external(address) and not _is_local_file(address):
                raise refusal(self._name, outside_links.TEMPLATE)
        elif leaves_folder(address, part=self._part):
            is_picture = element in _PICTURES
            raise refusal(
                self._name, outside_links.PICTURE if is_picture else outside_links.CONTENT
            )


def _is_local_file(address: str) -> bool:
    return address.lower().startswith("file:///") and not address.startswith("file:////")
