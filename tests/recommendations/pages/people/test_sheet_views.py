"""Administrators invite several people from a spreadsheet: all of them, or nobody."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from forces.models import AccountEmail, AuditEvent, Role, User
from tests.factories import ForceFactory, InspectionFactory, UserFactory

pytestmark = pytest.mark.django_db
HEAD = "Name,Email address,Role,Organisation"
JO, OBI = "Jo Hale,jo@example.org,Chief officer,Kent", "Obi,obi@example.org,Observer,"
ROWS = "\n".join([HEAD, JO, OBI])


@pytest.fixture
def administrator_client(client):
    InspectionFactory()
    ForceFactory(short_name="Kent")
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


def submit(client, **fields):
    return client.post(reverse("people_invite"), fields)


def test_a_file_is_shown_and_then_everybody_is_invited(administrator_client):
    before = User.objects.count()
    file = SimpleUploadedFile("people.csv", ROWS.encode())
    preview = submit(administrator_client, file=file)
    assert "Jo Hale" in preview.text
    assert User.objects.count() == before
    rows = unescape(re.search(r'name="rows" value="([^"]*)"', preview.text)[1])
    answer = submit(administrator_client, rows=rows, action="send")
    assert answer.url == reverse("people")
    assert "Invitations sent to 2 people." in administrator_client.get(answer.url).text
    invited = User.objects.filter(invitations__isnull=False).order_by("email")
    assert [(person.name, person.role) for person in invited] == [
        ("Jo Hale", Role.CHIEF_OFFICER),
        ("Obi", Role.OBSERVER),
    ]
    assert AccountEmail.objects.filter(kind="invitation", person__in=invited).count() == 2
    assert AuditEvent.objects.filter(act="person invited").count() == 2


def test_one_wrong_cell_stops_all_invitations_and_is_linked(administrator_client):
    before = User.objects.count()
    rows = f"{ROWS}\nAda,ada@example.org,Emperor,"
    for action in ("", "send"):
        page = submit(administrator_client, rows=rows, action=action).text
        assert 'href="#row-4-role">Row 4: Role must be one of' in page
        assert 'id="row-4-role"' in page
        assert "Send invitations" not in page
    assert User.objects.count() == before


def test_somebody_who_has_been_invited_since_the_preview_stops_all_invitations(
    administrator_client,
):
    UserFactory(name="Ida", email="obi@example.org")
    answer = submit(administrator_client, rows=ROWS, action="send")
    assert answer.status_code == 409
    assert "Row 3: Ida already has this email address" in answer.text
    assert "Nothing was sent now. If you clicked twice" in answer.text
    assert "No invitations have been sent." not in answer.text
    assert not User.objects.filter(email="jo@example.org").exists()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Select a file or paste rows"),
        ({"rows": ROWS, "file": SimpleUploadedFile("a.csv", b"x")}, "not both"),
        ({"rows": "Jo"}, "“Pasted rows” does not have the columns Name"),
        ({"rows": HEAD}, "“Pasted rows” has no rows below the headings"),
        ({"file": SimpleUploadedFile("a.csv", b"x" * 1_048_577)}, "“a.csv” must be smaller than"),
    ],
)
def test_what_cannot_be_read_is_explained(administrator_client, fields, error):
    page = submit(administrator_client, **fields)
    assert error in page.text
    assert "Error: Invite several people" in page.text


def test_only_administrators_see_the_pages_and_templates(client):
    InspectionFactory()
    client.force_login(UserFactory())
    templates = [f"people_template_{kind}" for kind in ("xlsx", "ods", "csv")]
    for name in ("people_invite", *templates):
        assert client.get(reverse(name)).status_code == 404
