"""A production start with an unsafe or missing value stops with a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from countylines.environment.variables import OWN_PATHS
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
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'; it must be on or off"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY is an example or repeats"),
        ({"SECRET_KEY_FALLBACKS": f"{'abcdefghij' * 6},short"}, "FALLBACKS has a key that is sho"),
        ({"ALLOWED_HOSTS": "*"}, "any host name would be trusted"),
        ({"ALLOWED_HOSTS": "https://tracker.example.org"}, "ALLOWED_HOSTS has 'https:"),
        ({"ALLOWED_HOSTS": "tracker.example.org:443"}, "ALLOWED_HOSTS has 'tracker"),
        ({"ALLOWED_HOSTS": "other.example.org"}, "not one of ALLOWED_HOSTS"),
        ({"BASE_URL": "http://tracker.example.org"}, "must begin with https"),
        ({"BASE_URL": "tracker.example.org"}, "BASE_URL is 'tracker"),
        ({"BASE_URL": "https://tracker.example.org/app"}, "without a path"),
        ({"BASE_URL": "https://tracker.example.org:99999"}, "no usable host and port"),
        ({"DATABASE_URL": "sqlite:///tracker.db"}, "must be a postgres"),
        ({"DATABASE_URL": "postgres://app:pa/ss@db/name"}, "DATABASE_URL has no usable"),
        ({"DATABASE_URL": "postgres://app:12/ss@db/name"}, "write letters such as"),
        ({"DATABASE_URL": "postgres://app:pa#ss@db/name"}, "write letters such as"),
        ({"DATABASE_URL": "postgres://app:pa?ss@db/name"}, "write letters such as"),
        ({"DATABASE_URL": "postgres://app@db:port/name"}, "no usable host and port"),
        ({"DATABASE_URL": "postgres://app@db"}, "DATABASE_URL must be"),
        ({"DATABASE_PASSWORD": "another"}, "one of them is needed"),
        ({"REDIS_URL": "amqp://rabbit/0"}, "REDIS_URL must be redis://"),
        ({"REDIS_URL": "redis://:pa/ss@redis/0"}, "REDIS_URL has no usable"),
        ({"REDIS_URL": "redis:///0"}, "REDIS_URL must name a host"),
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL must begin with smtp://"),
        ({"EMAIL_URL": "http://mail"}, "EMAIL_URL must begin with smtp://"),
        ({"EMAIL_URL": "smtp://mail:smtp"}, "EMAIL_URL has no usable host"),
        ({"EMAIL_URL": "smtp://user:pa/ss@mail:25"}, "EMAIL_URL has no usable host"),
        ({"EMAIL_FROM": "tracker"}, "EMAIL_FROM is 'tracker'"),
        ({"EMAIL_FROM": "a@example.org, b@example.org"}, "one email address"),
        ({"CONTACT_EMAIL": "https://example.org"}, "CONTACT_EMAIL is 'https:"),
        ({"EVIDENCE_QUOTA_MB": "2 GB"}, "EVIDENCE_QUOTA_MB is '2 GB'"),
        ({"EVIDENCE_QUOTA_MB": "-1"}, "must be a whole number from 1"),
        ({"EVIDENCE_STORAGE_URL": "file://srv/evidence"}, "EVIDENCE_STORAGE_URL must be"),
        ({"CLAMD_URL": "clamd://host:scan"}, "CLAMD_URL has no usable"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must be at least 16"),
        ({"ADMIN_PATH": "Admin"}, "ADMIN_PATH is 'Admin'"),
        ({"ADMIN_PATH": "forces"}, "the address of a page"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES is 'one'"),
        ({"OIDC_SERVER_URL": "http://login.example.org"}, "OIDC_SERVER_URL must begin with https"),
        ({"OIDC_SERVER_URL": "https://login.example.org"}, "OIDC_CLIENT_ID is not set"),
        ({"OIDC_GROUPS": "kent=officer"}, "OIDC_GROUPS must be group=role"),
        ({"WEB_WORKERS": "many"}, "WEB_WORKERS is 'many'"),
        ({"PORT": "0"}, "PORT is '0'"),
        ({"STATE_PATH": "var"}, "STATE_PATH is 'var'"),
        ({"ENVIRONMENT": "staging"}, "must be development, test or production"),
    ],
)
def test_production_refuses_malformed_and_unsafe_values(read_environment, unsafe, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence) as error:
        read_environment(**PRODUCTION_ENVIRONMENT | unsafe)
    assert "ss@" not in str(error.value)  # no part of a password


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "countylines.wsgi:application"],
        ["-m", "celery", "-A", "countylines", "worker"],
        ["-m", "countylines.beat"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_every_process_ends_with_the_sentence_and_no_traceback(command):
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=PRODUCTION_ENVIRONMENT | {"PATH": "/usr/bin:/bin", "SECRET_KEY": "short"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 1
    sentence = "SECRET_KEY is shorter than 50 characters: it could be guessed.\n"
    assert (result.stdout, result.stderr) == ("", sentence)


def test_a_password_of_any_letters_can_be_its_own_variable(read_environment):
    without = PRODUCTION_ENVIRONMENT | {"DATABASE_URL": "postgres://app@db:5432/countylines"}
    environment = read_environment(**without, DATABASE_PASSWORD="p/ss@#?%:")
    assert environment.database["PASSWORD"] == "p/ss@#?%:"
    assert "p/ss@#?%:" in environment.secrets


def test_the_path_of_the_admin_cannot_be_that_of_a_page():
    patterns = [str(pattern.pattern) for pattern in get_resolver().url_patterns]
    included = [str(p.pattern) for i in get_resolver().url_patterns for p in included_in(i)]
    firsts = {pattern.removeprefix("^").split("/")[0] for pattern in [*patterns, *included]}
    firsts -= {"", ".well-known", settings.ADMIN_PATH}
    assert firsts <= set(OWN_PATHS.split())


def included_in(resolver: URLPattern | URLResolver) -> list[URLPattern | URLResolver]:
    """The patterns of an include() without a prefix."""
    return [] if str(resolver.pattern) else getattr(resolver, "url_patterns", [])


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
    own_services = {
        "REDIS_URL": "redis://:of%2Fredis@redis:6379/0",
        "METRICS_TOKEN": "the-token-of-metrics",
    }
    environment = read_environment(
        **PRODUCTION_ENVIRONMENT | own_services,
        EVIDENCE_STORAGE_URL="s3://key:of%2Fs3@host:443/bucket",
        NOTIFY_API_KEY=NOTIFY_API_KEY,
        NOTIFY_TEMPLATE_ID="t",
    )
    assert {
        *(PRODUCTION_ENVIRONMENT["SECRET_KEY"], "secret", "of/redis", "of/s3"),
        *(NOTIFY_API_KEY, "the-token-of-metrics"),
    } <= set(environment.secrets)
