"""Who may read the mailbox of the development service."""

import mailbox as mailboxes
from email.message import EmailMessage

import pytest

from recommendations.models import Inspection


@pytest.fixture
def key(settings, tmp_path) -> str:
    """The key of an email in the mailbox."""
    settings.MAILBOX_PATH = tmp_path / "mailbox"
    email = EmailMessage()
    email["Subject"] = "Choose a new password"
    email.set_content("Follow this link")
    return mailboxes.Maildir(settings.MAILBOX_PATH).add(email)


@pytest.fixture
def real_register(world) -> None:
    Inspection.objects.update(is_synthetic=False)


def test_everybody_can_read_made_up_emails(client, world, key):
    assert "Choose a new password" in client.get("/dev/mailbox/").content.decode()
    assert "Follow this link" in client.get(f"/dev/mailbox/{key}/").content.decode()
    assert "Mailbox" in client.get("/help/").content.decode()


@pytest.mark.usefixtures("real_register")
@pytest.mark.parametrize("page", ["/dev/mailbox/", "/dev/mailbox/{}/", "/dev/mailbox/{}/html/"])
def test_a_visitor_must_sign_in_to_read_real_emails(client, key, page):
    response = client.get(page.format(key))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/sign-in/?next=/dev/mailbox/")
    assert "Mailbox" not in client.get("/help/").content.decode()


@pytest.mark.usefixtures("real_register")
@pytest.mark.parametrize(
    ("role", "status"), [("officer", 404), ("analyst", 404), ("administrator", 200)]
)
def test_only_people_who_manage_accounts_can_read_real_emails(client, world, key, role, status):
    client.force_login(getattr(world, role))
    for page in ("/dev/mailbox/", f"/dev/mailbox/{key}/"):
        assert client.get(page).status_code == status


@pytest.mark.usefixtures("real_register")
def test_an_administrator_without_a_second_factor_cannot_read_real_emails(client, world, key):
    type(world.administrator).objects.update(has_second_factor=False)
    client.force_login(world.administrator)
    assert client.get(f"/dev/mailbox/{key}/").status_code == 404


def test_without_a_folder_there_is_no_mailbox(client, world, settings):
    settings.MAILBOX_PATH = None
    assert client.get("/dev/mailbox/").status_code == 404
