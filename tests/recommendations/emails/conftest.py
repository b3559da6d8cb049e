import pytest

from tests.mail_server import MailServer, mail_server


@pytest.fixture
def smtp(settings) -> MailServer:
    """A real conversation with a real server, instead of Django's own box for tests."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
