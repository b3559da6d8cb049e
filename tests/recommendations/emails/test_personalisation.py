"""A reader's name and links in a shared content."""

import re

from tests.recommendations.emails.examples import email_to


def test_no_placeholder_is_left_in_an_email(world):
    for reader in (world.officer, world.analyst):
        email = email_to(world, reader)
        text = email.text + email.html + "".join(email.fields.values())
        assert not re.search("[\ue000-\uf8ff]", text)
        assert reader.name in email.text
        assert reader.name in email.html


def test_a_name_cannot_add_html(world):
    world.officer.name = "<i>Kay</i> \ue001"
    world.officer.save()
    email = email_to(world, world.officer)
    assert "<i>" not in email.html
    assert "<i>Kay</i>" in email.text
