"""What is taken in as evidence, and the sentence for what is not."""

import hashlib
import io

import pytest

from recommendations.evidence.file_names import clean_name
from recommendations.evidence.file_types import Unacceptable
from recommendations.evidence.validation import inspect
from tests.recommendations.evidence.files import HOSTILE, WELCOME


@pytest.mark.parametrize("name", WELCOME)
def test_what_people_send_is_taken_in(name):
    content = WELCOME[name]
    found = inspect(io.BytesIO(content), name=name, size=len(content))
    assert found.size == len(content)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    ending = name.rpartition(".")[2].lower() if "." in name else "txt"
    assert ending in found.kind.endings


@pytest.mark.parametrize("name", HOSTILE)
def test_what_an_attacker_sends_gets_a_sentence(name):
    content, why = HOSTILE[name]
    with pytest.raises(Unacceptable) as refused:
        inspect(io.BytesIO(content), name=name, size=len(content))
    assert why in str(refused.value)
    assert str(refused.value).startswith("“")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        (".htaccess", "htaccess"),
        ('"><script>.txt', "___script_.txt"),
        ("x" * 300 + ".pdf", "x" * 136 + ".pdf"),
        ("", "file"),
        ("...", "file"),
        ("  plan   two .pdf ", "plan two.pdf"),
    ],
)
def test_names_are_cleaned(sent, kept):
    assert clean_name(sent) == kept
