"""Reads one XML part of a document piece by piece, and shows its elements to a checker."""

from typing import Protocol
from xml.parsers import expat  # nosec B405 # entities are refused, depth and size are limited

MAX_DEPTH = 256  # of elements in elements
_MAX_TEXT = 100_000  # characters of one text that a checker wants: Excel allows 8,192

Attributes = dict[str, str]


class InvalidXml(ValueError):
    """The part is not XML that an office program would write. The message completes “It ...”."""


class Checker(Protocol):
    """What is looked for in a part. Names are without their prefix, which a writer may choose.

    Only elements with one of `elements` or of `attributes` are shown, with all of their attributes
    by their whole names; only texts of `texts` are collected.
    """

    elements: frozenset[str]
    attributes: frozenset[str]
    texts: frozenset[str]

    def start(self, element: str, attributes: Attributes) -> None: ...
    def text(self, element: str, text: str) -> None: ...
    def finish(self) -> None: ...


class XmlReader:
    """Feeds a checker. Raises InvalidXml, and what the checker raises."""

    def __init__(
        self, checker: Checker, *, content: str = "it", allows_doctype: bool = False
    ) -> None:
        self._checker = checker
        self._damage = f"is damaged: {content} cannot be read."
        self._allows_doctype = allows_doctype
        self._plain_shapes: set[tuple[str, ...]] = set()
        self._depth = 0
        self._collected: list[tuple[str, int, list[str]]] = []  # element, depth, pieces
        self._characters = 0  # collected since a text began
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        try:
            self._parser.Parse(chunk, is_last)
        except (expat.ExpatError, LookupError) as error:
            raise InvalidXml(self._damage) from error
        if is_last:
            self._checker.finish()

    def _start(self, tag: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise InvalidXml(f"has elements nested more than {MAX_DEPTH} deep.")
        shape = (tag, *attributes)
        if shape in self._plain_shapes:
            return
        element = local_name(tag)
        if element in self._checker.texts:
            self._collected.append((element, self._depth, []))
            self._characters = 0
            self._parser.CharacterDataHandler = self._text
        is_wanted = element in self._checker.elements or any(
            local_name(name) in self._checker.attributes for name in attributes
        )
        if is_wanted:
            self._checker.start(element, attributes)
        elif element not in self._checker.texts and len(self._plain_shapes) < 10_000:
            self._plain_shapes.add(shape)

    def _end(self, tag: str) -> None:
        if self._collected and self._collected[-1][1] == self._depth:
            element, _, pieces = self._collected.pop()
            if not self._collected:
                self._parser.CharacterDataHandler = None
            self._checker.text(element, "".join(pieces))
        self._depth -= 1

    def _text(self, text: str) -> None:
        _, depth, pieces = self._collected[-1]
        if depth != self._depth:
            return  # of an element inside, such as the numbers in a fraction
        pieces.append(text)
        self._characters += len(text)
        if self._characters > _MAX_TEXT:
            raise InvalidXml("has a formula or a field that is too long to be checked.")

    def _doctype(self, *_: object) -> None:
        if not self._allows_doctype:
            raise InvalidXml("contains definitions that no office program writes.")

    def _entity(self, *_: object) -> None:
        raise InvalidXml("contains definitions that no office program writes.")


def local_name(name: str) -> str:
    return name.rpartition(":")[2]


def attribute(attributes: Attributes, name: str) -> str:
    """Return the value of an attribute, with any prefix, or "".

    Raises InvalidXml if there are several, because programs differ in which of them they use.
    """
    found = values(attributes, name)
    if len(found) > 1:
        raise InvalidXml("has links or fields that no office program writes.")
    return found[0] if found else ""


def values(attributes: Attributes, name: str) -> list[str]:
    """Return the values of all attributes with this name, with any prefix."""
    return [value for key, value in attributes.items() if local_name(key) == name]
