"""The environment variables of `./dev run` and of test runs."""

import os

from tools.local.checkout import ROOT, VAR, secret_key
from tools.local.servers import Servers

NOT_FOR_TESTS = {
    *("SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "DEBUG", "MAILBOX_PATH"),
    *("NOTIFY_API_KEY", "METRICS_TOKEN", "MAIL_LEASE", "EMAIL_TIMEOUT"),
}


def environment_for_run() -> dict[str, str]:
    """The environment of manage.py and the processes. Variables that are set already win."""
    servers = Servers.for_checkout(ROOT)
    database = "countylines_register" if os.environ.get("REGISTER") else "countylines"
    defaults = {
        "ENVIRONMENT": "development",
        "SECRET_KEY": secret_key(),
        "STATE_PATH": str(VAR),
        "MAILBOX_PATH": str(VAR / "mailbox"),
        "DATABASE_URL": servers.database_url(database),
        "REDIS_URL": servers.redis_url,
        "PYTHONUNBUFFERED": "1",
    }
    return defaults | os.environ


def environment_for_tests(servers: Servers) -> dict[str, str]:
    """The environment of test runs and linters, on these servers.

    TEST_DATABASE_URL and TEST_REDIS_URL name other servers. DATABASE_URL and REDIS_URL are ignored,
    because tests delete data.
    """
    overrides = {
        "ENVIRONMENT": "test",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", servers.database_url("countylines")),
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", servers.redis_url),
    }
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
    return inherited | overrides
