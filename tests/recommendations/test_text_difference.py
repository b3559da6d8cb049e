"""The difference keeps every word of both texts."""

from hypothesis import given
from hypothesis import strategies as st

from recommendations.text_difference import text_difference

TEXTS = st.text(alphabet="ab \n", max_size=30)


@given(TEXTS, TEXTS)
def test_both_texts_are_in_the_difference(old, new):
    passages = text_difference(old, new)
    assert "".join(p.text for p in passages if p.kind != "added") == old
    assert "".join(p.text for p in passages if p.kind != "removed") == new


def test_only_the_words_that_differ_are_marked():
    found = text_difference("Give forces one picture.", "Give every force one picture.")
    assert [(p.kind, p.text) for p in found] == [
        ("same", "Give "),
        ("removed", "forces "),
        ("added", "every force "),
        ("same", "one picture."),
    ]
