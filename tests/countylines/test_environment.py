"""A production start with an unsafe or missing value stops with a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from countylines.environment.base import Environment

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "abcdefghij" * 6,
    "ALLOWED_HOSTS": "tracker.example.org",
    "BASE_URL": "https://tracker.example.org",
    "DATABASE_URL": "postgres://app:secret@db/countylines",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://mail:25",
    "EMAIL_FROM": "tracker@example.org",
}


OTHERS = ["DEBUG", "MAILBOX_PATH", "PORT", "STATE_PATH", "NOTIFY_API_KEY", "NOTIFY_TEMPLATE_ID"]


@pytest.fixture
def environment(monkeypatch):
    for name in [*SAFE, *OTHERS]:
        monkeypatch.delenv(name, raising=False)

    def read(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return Environment.read(root=ROOT)

    return read


def test_a_safe_production_starts(environment):
    read = environment(**SAFE)
    assert read.is_production
    assert read.is_https
    assert read.mailbox is None


KEY = "live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"


def test_notify_does_instead_of_a_mail_server(environment):
    read = environment(**SAFE | {"EMAIL_URL": ""}, NOTIFY_API_KEY=KEY, NOTIFY_TEMPLATE_ID="t")
    assert read.notify.template_id == "t"
    assert read.email["EMAIL_BACKEND"].endswith("NotifyBackend")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"NOTIFY_API_KEY": "short"}, "too short to be a key"),
        ({"NOTIFY_API_KEY": KEY}, "NOTIFY_TEMPLATE_ID is not set"),
        ({"MAIL_LEASE": "399"}, "twenty times EMAIL_TIMEOUT"),
        ({"EMAIL_TIMEOUT": "-1"}, "must be above 0"),
    ],
)
def test_what_would_lose_or_double_mail_is_refused(environment, values, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        environment(**SAFE, **values)


@pytest.mark.parametrize("missing", [name for name in SAFE if name != "ENVIRONMENT"])
def test_production_says_which_value_is_missing_and_why(environment, missing):
    values = {name: value for name, value in SAFE.items() if name != missing}
    with pytest.raises(ImproperlyConfigured, match=rf"^{missing} is not set: \w.*\.$"):
        environment(**values)


@pytest.mark.parametrize(
    ("unsafe", "sentence"),
    [
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50"),
        ({"ALLOWED_HOSTS": "*"}, "any host name would be believed"),
        ({"BASE_URL": "http://tracker.example.org"}, "must begin with https"),
        ({"DATABASE_URL": "sqlite:///tracker.db"}, "must be a postgres"),
        ({"ENVIRONMENT": "staging"}, "must be development, test or production"),
    ],
)
def test_production_refuses_unsafe_values(environment, unsafe, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        environment(**SAFE | unsafe)


def test_production_is_what_an_empty_environment_means(environment):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        environment()


def test_the_mailbox_exists_in_development_only(environment):
    assert environment(**SAFE, MAILBOX_PATH="/tmp/mail").mailbox is None
    assert environment(ENVIRONMENT="development").mailbox == Path("/tmp/mail")


def test_sockets_are_spelt_as_each_library_wants(environment):
    read = environment(
        ENVIRONMENT="development",
        DATABASE_URL="postgres://app@/countylines?host=/tmp/pg",
        REDIS_URL="redis+socket:///tmp/valkey.sock?virtual_host=3",
    )
    assert read.database["HOST"] == "/tmp/pg"
    assert read.cache_url == "unix:///tmp/valkey.sock?db=3"


def test_the_deployment_check_has_nothing_to_say():
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"],
        cwd=ROOT,
        env=SAFE | {"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout
    assert checked.stderr == ""


def test_what_is_secret_in_the_environment_is_known_to_the_log(environment):
    read = environment(
        **SAFE | {"REDIS_URL": "redis://:of%2Fredis@redis:6379/0", "METRICS_TOKEN": "of-metrics"},
        EVIDENCE_STORAGE_URL="s3://key:of%2Fs3@host:443/bucket",
        NOTIFY_API_KEY=KEY,
        NOTIFY_TEMPLATE_ID="t",
    )
    assert {SAFE["SECRET_KEY"], "secret", "of/redis", "of/s3", KEY, "of-metrics"} <= set(
        read.secrets
    )
