"""A check for what must not be in a text that other organisations read: details of cases.

It finds telephone numbers of the United Kingdom, email addresses, names of operations, and
references of crimes and incidents. It cannot find names of people.
"""

import re

_DIGITS = r"(?:[\s().\-]*\d)"
_PATTERNS = (
    ("an email address", re.compile(r"[\w.+\-]+\s*@\s*[\w\-]+\.\w", re.IGNORECASE)),
    (
        "a telephone number",
        re.compile(rf"(?<![\d/])(?:(?:\+|00)\s*44{_DIGITS}{{9,11}}|\(?0{_DIGITS}{{9,10}})(?!\d)"),
    ),
    (
        "the name of an operation",
        re.compile(r"\b(?:[Oo]peration|[Oo]p|OPERATION|OP)\.?\s+(?=[A-Z])[A-Za-z]+"),
    ),
    (
        "a reference of a crime or incident",
        re.compile(
            r"\b(?:crime|incident|custody|occurrence|log|reference|ref)\b[^\d;]{0,20}[a-z\d]*\d{5,}"
            r"|\b(?:cad|urn|niche|nspis)\b[^\d;]{0,20}[a-z\d]*\d{3,}"
            r"|\b(?:[a-z]{1,4}/)?\d{5,}/\d{2,4}\b|\b\d{2}[a-z]{0,2}/\d{4,}/\d{2,4}\b",
            re.IGNORECASE,
        ),
    ),
)


def case_detail_error(text: str) -> str:
    """Return a sentence if the text has something that looks like a detail of a case, or ""."""
    for what, pattern in _PATTERNS:
        if found := pattern.search(text):
            return (
                f"“{' '.join(found.group().split())}” looks like {what}. Remove it. "
                "Details of cases do not belong in this service"
            )
    return ""
