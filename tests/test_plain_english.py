"""Text that users read is in plain English: words that must not come back are not in it.

The list is `plain_english.txt`. It is checked against the text of every template and every string
of the product's code that reads like a sentence. Docstrings, comments and log calls are not text
that users read.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORDS = [
    line
    for line in Path(__file__).with_name("plain_english.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
UNWANTED = re.compile(rf"(?<![\w-])({'|'.join(WORDS)})(?![\w-])", re.IGNORECASE)
NOT_TEXT = re.compile(
    r"{#.*?#}|{% comment .*?endcomment %}|{%.*?%}|{{.*?}}|<!--.*?-->|<[^>]*>", re.DOTALL
)
QUOTED = re.compile(r"""["']([^"']*\s[^"']*)["']""")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted(
    (ROOT / "templates").rglob("*.txt")
)
MODULES = sorted(
    path
    for package in ("countylines", "forces", "recommendations")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


def text_of_template(source: str) -> str:
    """What is left of a template without its tags, and the strings given to its components."""
    tags = " ".join(
        re.findall(r"{%\s*(?:include|component|with|translate).*?%}", source, re.DOTALL)
    )
    strings = " ".join(QUOTED.findall(tags))
    attributes = " ".join(
        re.findall(r"""(?:title|aria-label|alt|placeholder)="([^"]*)\"""", source)
    )
    return f"{NOT_TEXT.sub(' ', source)} {strings} {attributes}"


def sentences_of_module(source: str) -> Iterator[tuple[int, str]]:
    """Strings with a space that are no docstrings, log messages, SQL or stored audit actions."""
    tree = ast.parse(source)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
            skipped.update(id(inner) for inner in ast.walk(node))
        if isinstance(node, ast.keyword) and node.arg == "act":
            skipped.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_sentence = " " in node.value.strip() and not re.search(
                r"\b(SELECT|UPDATE|INSERT|DELETE|CREATE|FROM|WHERE)\b", node.value
            )
            if id(node) not in skipped and is_sentence:
                yield node.lineno, node.value


def test_templates_are_in_plain_english():
    found = {
        str(path.relative_to(ROOT)): UNWANTED.findall(text_of_template(path.read_text()))
        for path in TEMPLATES
    }
    assert {path: words for path, words in found.items() if words} == {}


def test_sentences_in_code_are_in_plain_english():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]!r} in {text!r}"
        for path in MODULES
        for line, text in sentences_of_module(path.read_text())
        if (match := UNWANTED.search(text))
    ]
    assert found == [], "\n".join(found)


def test_an_unwanted_word_is_found():
    assert UNWANTED.search(text_of_template("<p>You will be told by mail.</p>"))
    assert not UNWANTED.search(text_of_template("{# told by mail #}<p class='mail'>An email</p>"))
    [(_, sentence)] = sentences_of_module('"""Told."""\nWORDS = "It was mended."\n')
    assert UNWANTED.search(sentence)
