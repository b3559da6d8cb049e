from tests.recommendations.emails.examples import email_to


def test_a_title_cannot_become_a_link_or_a_heading(world):
    first = world.recommendations[1]
    first.title = "[Click](https://evil.example) # now\n* evil.example"
    first.save()
    body = email_to(world, world.officer).fields["body"]
    assert "](https://evil" not in body
    assert "evil.example" not in body
