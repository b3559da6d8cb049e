"""Runs pymap with what Microsoft 365 has: TLS from the first byte, on a second port, and XOAUTH2.

    python tests/imap_program.py TLS_PORT ARGUMENTS_OF_PYMAP...

The access token of a user is their password.
"""

import asyncio
import ssl
import sys
from typing import Any

from pymap.config import IMAPConfig
from pymap.main import main
from pysasl import SASLAuth
from pysasl.creds.plain import PlainCredentials
from pysasl.mechanism.oauth import OAuth2Mechanism

start_server = asyncio.start_server


class TokenMechanism(OAuth2Mechanism):
    def server_attempt(self, responses: Any) -> Any:
        credentials, final = super().server_attempt(responses)
        return PlainCredentials(credentials.authzid, credentials._token), final


def run(tls_port: int, certificate: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    mechanisms = [*SASLAuth.defaults().server_mechanisms, TokenMechanism()]
    authentication = property(lambda config: SASLAuth(mechanisms))
    IMAPConfig.tls_auth = IMAPConfig.initial_auth = authentication

    async def start_servers(callback: Any, host: Any, port: Any) -> Any:
        start_servers.tls = await start_server(callback, host, tls_port, ssl=context)
        return await start_server(callback, host, port)

    asyncio.start_server = start_servers
    main()


if __name__ == "__main__":
    port = int(sys.argv.pop(1))
    run(port, sys.argv[sys.argv.index("--cert") + 1])
