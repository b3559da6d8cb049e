"""A production start with an unsafe or missing value stops with a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.countylines.environment.conftest import ROOT
from tests.countylines.environment.production import NOTIFY_API_KEY, PRODUCTION_ENVIRONMENT


def test_a_safe_production_starts(read_environment):
    environment = read_environment(**PRODUCTION_ENVIRONMENT)
    assert environment.is_production
    assert environment.is_https
    assert environment.mailbox is None


@pytest.mark.parametrize(
    "missing", [name for name in PRODUCTION_ENVIRONMENT if name != "ENVIRONMENT"]
)
def test_production_says_which_value_is_missing_and_why(read_environment, missing):
    variables = {k: value for k, value in PRODUCTION_ENVIRONMENT.items() if k != missing}
    with pytest.raises(ImproperlyConfigured, match=rf"^{missing} is not set: \w.*\.$"):
        read_environment(**variables)


@pytest.mark.parametrize(
    ("unsafe", "sentence"),
    [
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50"),
        ({"ALLOWED_HOSTS": "*"}, "any host name would be trusted"),
        ({"BASE_URL": "http://tracker.example.org"}, "must begin with https"),
        ({"DATABASE_URL": "sqlite:///tracker.db"}, "must be a postgres"),
        ({"ENVIRONMENT": "staging"}, "must be development, test or production"),
    ],
)
def test_production_refuses_unsafe_values(read_environment, unsafe, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read_environment(**PRODUCTION_ENVIRONMENT | unsafe)


def test_an_empty_environment_means_production(read_environment):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        read_environment()


def test_the_mailbox_exists_in_development_only(read_environment):
    assert read_environment(**PRODUCTION_ENVIRONMENT, MAILBOX_PATH="/tmp/mail").mailbox is None
    assert read_environment(ENVIRONMENT="development").mailbox == Path("/tmp/mail")


def test_sockets_are_written_as_each_library_needs_them(read_environment):
    environment = read_environment(
        ENVIRONMENT="development",
        DATABASE_URL="postgres://app@/countylines?host=/tmp/pg",
        REDIS_URL="redis+socket:///tmp/valkey.sock?virtual_host=3",
    )
    assert environment.database["HOST"] == "/tmp/pg"
    assert environment.cache_url == "unix:///tmp/valkey.sock?db=3"


def test_the_deployment_check_finds_no_issues():
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"],
        cwd=ROOT,
        env=PRODUCTION_ENVIRONMENT | {"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout
    assert result.stderr == ""


def test_the_secrets_of_the_environment_are_known(read_environment):
    own_services = {"REDIS_URL": "redis://:of%2Fredis@redis:6379/0", "METRICS_TOKEN": "of-metrics"}
    environment = read_environment(
        **PRODUCTION_ENVIRONMENT | own_services,
        EVIDENCE_STORAGE_URL="s3://key:of%2Fs3@host:443/bucket",
        NOTIFY_API_KEY=NOTIFY_API_KEY,
        NOTIFY_TEMPLATE_ID="t",
    )
    assert {
        *(PRODUCTION_ENVIRONMENT["SECRET_KEY"], "secret", "of/redis", "of/s3"),
        *(NOTIFY_API_KEY, "of-metrics"),
    } <= set(environment.secrets)
