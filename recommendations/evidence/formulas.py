"""Recognises formulas that start programs or load something from another place."""

import re

_TEXT = re.compile(r'"(?:[^"]|"")*"')
# Names of sheets and of columns, and arrays: a bar or a function in them has no meaning.
_SHEET = re.compile(r"'(?:[^']|'')*'")
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\{[^{}]*\}")
_FUNCTIONS = (
    r"(?:WEBSERVICE|IMAGE|FILTERXML|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|DDE|SQL\.REQUEST"
    r"|STOCKHISTORY|PY|IMPORTDATA|IMPORTXML|IMPORTHTML|IMPORTFEED|IMPORTRANGE)"
)
_CALL = re.compile(
    rf"(?<![\w.])(?:\w+\.)*?(?:_XLETA\.({_FUNCTIONS})(?![\w.])|({_FUNCTIONS})\s*\()",
    re.IGNORECASE,
)
# A file in a reference: 'C:\[other.xlsx]Sheet'!A1, or 'file:///other.ods'#$Sheet.A1.
_OTHER_FILE = re.compile(r"'[^']*[\\/][^'\[]*\[[^']*'\s*!|'(?:[^']|'')*'\s*#")
_DDE = re.compile(r"\|[^|]*!")
# A cell that a spreadsheet program would read as a formula, in quotation marks or not. After an
# equals sign it is taken to the end of the line, because the separator is not known.
_CSV_FORMULA = re.compile(
    r"(?:^|[,;\t\r\n]) *(?:\"[ ']*(?P<quoted>[=+\-@](?:[^\"]|\"\")*)|"
    r"'?(?P<equals>=[^\r\n]*)|'?(?P<sign>[+\-@][^,;\t\r\n]*))"
)


def unsafe_part(formula: str) -> str:
    """Return the function, or `DDE` or `another file`, that makes a formula unsafe, or ""."""
    without_texts = _TEXT.sub('""', formula)
    if _OTHER_FILE.search(without_texts):
        return "another file"
    bare = _SHEET.sub("''", without_texts)
    while (shorter := _BRACKETED.sub("", bare)) != bare:
        bare = shorter
    if found := _CALL.search(bare):
        return (found[1] or found[2]).upper()
    return "DDE" if "|" in bare else ""


def has_unsafe_cell(csv_text: str) -> bool:
    """Return whether a spreadsheet program would find an unsafe formula in a CSV file."""
    if "|" not in csv_text and not _CALL.search(csv_text):
        return False
    for cell in _CSV_FORMULA.finditer(csv_text):
        formula = (cell["quoted"] or cell["equals"] or cell["sign"]).replace('""', '"')
        if cell["sign"] and not _DDE.search(formula) and not _CALL.match(formula, 1):
            continue
        if unsafe_part(formula):
            return True
    return False
