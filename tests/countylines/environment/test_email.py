import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.countylines.environment.production import NOTIFY_API_KEY, PRODUCTION_ENVIRONMENT


def test_notify_replaces_the_mail_server(read_environment):
    environment = read_environment(
        **PRODUCTION_ENVIRONMENT | {"EMAIL_URL": ""},
        NOTIFY_API_KEY=NOTIFY_API_KEY,
        NOTIFY_TEMPLATE_ID="t",
    )
    assert environment.notify.template_id == "t"
    assert environment.email["EMAIL_BACKEND"].endswith("NotifyBackend")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"NOTIFY_API_KEY": "short"}, "too short to be a key"),
        ({"NOTIFY_API_KEY": NOTIFY_API_KEY}, "NOTIFY_TEMPLATE_ID is not set"),
        ({"MAIL_LEASE": "399"}, "twenty times EMAIL_TIMEOUT"),
        ({"EMAIL_TIMEOUT": "-1"}, "seconds above 0"),
    ],
)
def test_values_that_would_lose_or_double_emails_are_refused(read_environment, variables, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read_environment(**PRODUCTION_ENVIRONMENT, **variables)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("imaps://b%40x.org:p%2Fw@mail.example.org", ("tls", 993, "b@x.org", "p/w", "INBOX")),
        ("imap+tls://b:p@mail.example.org:1143/Lost", ("starttls", 1143, "b", "p", "Lost")),
        ("imap://b:p@127.0.0.1:1143/", ("none", 1143, "b", "p", "INBOX")),
    ],
)
def test_the_mailbox_of_delivery_failures_is_read_from_its_address(read_environment, url, expected):
    environment = read_environment(**PRODUCTION_ENVIRONMENT, BOUNCE_MAILBOX_URL=url)
    mailbox = environment.bounce_mailbox
    read = (mailbox.security, mailbox.port, mailbox.user, mailbox.password, mailbox.folder)
    assert read == expected
    assert mailbox.password in environment.secrets


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("imap://b:p@mail.example.org", "the password would be readable"),
        ("imaps://mail.example.org", "must have a user and a host"),
        ("imaps://b@mail.example.org", "needs a password, or else BOUNCE_MAILBOX_CLIENT_ID"),
        ("pop3://b:p@mail.example.org", "must be an address such as imaps://"),
        ("imaps://b:p@mail.example.org/a%22b", "folder name"),
    ],
)
def test_an_unsafe_or_incomplete_mailbox_address_is_refused(read_environment, url, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence) as error:
        read_environment(**PRODUCTION_ENVIRONMENT, BOUNCE_MAILBOX_URL=url)
    assert ":p@" not in str(error.value)


def test_a_mailbox_without_a_password_needs_a_client(read_environment):
    variables = {
        "BOUNCE_MAILBOX_URL": "imaps://b%40x.org@outlook.office365.com",
        "BOUNCE_MAILBOX_CLIENT_ID": "app",
        "BOUNCE_MAILBOX_CLIENT_SECRET": "s3cret",
    }
    with pytest.raises(ImproperlyConfigured, match="BOUNCE_MAILBOX_TOKEN_URL is not set"):
        read_environment(**PRODUCTION_ENVIRONMENT, **variables)
    variables["BOUNCE_MAILBOX_TOKEN_URL"] = "https://login.example.org/token"
    environment = read_environment(**PRODUCTION_ENVIRONMENT, **variables)
    assert environment.bounce_mailbox.oauth.scope == "https://outlook.office365.com/.default"
    assert "s3cret" in environment.secrets
