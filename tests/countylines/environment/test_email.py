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
