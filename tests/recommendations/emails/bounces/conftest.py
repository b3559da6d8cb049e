from collections.abc import Iterator

import pytest

from countylines.environment.formats import bounce_mailbox
from tests.imap_server import ImapServer, imap_server


@pytest.fixture(scope="package")
def _imap_server() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture
def imap(_imap_server, settings) -> ImapServer:
    """A real IMAP server with an empty mailbox, which the settings name."""
    _imap_server.empty()
    settings.BOUNCE_MAILBOX = bounce_mailbox(_imap_server.url)
    return _imap_server
