"""How the text of each kind of environment variable is read and checked.

Every function returns the value, or raises ValueError with the end of a sentence that begins with
the variable's name. The sentences do not repeat values that may hold a password.
"""

import math
import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import environ
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from countylines.environment.evidence import evidence_storage
from countylines.environment.mailbox import BounceMailbox

MIN_SECRET_KEY_LENGTH = 50  # characters
MIN_NOTIFY_KEY_LENGTH = 74  # characters: two UUIDs and a name
MIN_TOKEN_LENGTH = 16  # characters
_DATABASE_SCHEMES = {"postgres", "postgresql", "psql", "pgsql"}
_BROKER_SCHEMES = {"redis", "rediss", "redis+socket"}
_MAIL_SERVER_SCHEMES = {"smtp", "smtps", "smtp+tls", "smtp+ssl"}
_MAILBOX_SCHEMES = {"imaps": ("tls", 993), "imap+tls": ("starttls", 143), "imap": ("none", 143)}
_OTHER_EMAIL_SCHEMES = {"consolemail", "dummymail", "filemail", "memorymail"}
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", re.IGNORECASE)
PATH_PART = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]", re.IGNORECASE)
_WORDS = {"on": True, "true": True, "yes": True, "1": True}
_WORDS |= {"off": False, "false": False, "no": False, "0": False}
ENCODE = (
    "write letters such as / @ : # ? % of the user name and the password as %2F %40 %3A %23 %3F %25"
)


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"is {text!r}; it must be {', '.join(choices[:-1])} or {choices[-1]}")
        return text

    return parse


def switch(text: str) -> bool:
    try:
        return _WORDS[text.lower()]
    except KeyError:
        raise ValueError(f"is {text!r}; it must be on or off") from None


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text) if re.fullmatch("[0-9]{1,9}", text) else -1
        if not lowest <= number <= highest:
            raise ValueError(f"is {text!r}; it must be a whole number from {lowest} to {highest:,}")
        return number

    return parse


def seconds(text: str) -> float:
    """A number of seconds above 0, at most a day."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= 86_400:
        raise ValueError(f"is {text!r}; it must be a number of seconds above 0, at most 86,400")
    return number


def words(text: str) -> list[str]:
    """The parts between commas, without spaces around them."""
    return [word for part in text.split(",") if (word := part.strip())]


def secret_key(key: str) -> str:
    if len(key) < MIN_SECRET_KEY_LENGTH:
        raise ValueError(f"is shorter than {MIN_SECRET_KEY_LENGTH} characters: it could be guessed")
    if len(set(key)) < 10 or key.startswith(("not-secret-", "django-insecure-")):
        raise ValueError("is an example or repeats few characters: it could be guessed")
    return key


def secret_keys(keys: list[str]) -> list[str]:
    for key in keys:
        try:
            secret_key(key)
        except ValueError as error:
            raise ValueError(f"has a key that {error}") from None
    return keys


def backup_keys(text: str) -> list[str]:
    keys = words(text)
    for key in keys:
        if not re.fullmatch("age1[0-9a-z]{58}", key):
            raise ValueError(
                f"has {key[:12]!r}; a public key begins with age1 and has 62 characters"
            )
    return keys


def token(text: str) -> str:
    if len(text) < MIN_TOKEN_LENGTH or not re.fullmatch("[!-~]+", text):
        raise ValueError(
            f"must be at least {MIN_TOKEN_LENGTH} letters, digits or signs without spaces: "
            "it could be guessed or not be sent"
        )
    return text


def host_names(text: str) -> list[str]:
    """Host names as Django's ALLOWED_HOSTS takes them: without a port; `.example.org` for all."""
    names = words(text)
    for name in names:
        is_name = _HOST.fullmatch(name.removeprefix(".")) or _IPV6.fullmatch(name)
        if name != "*" and not is_name:
            raise ValueError(
                f"has {name!r}; a host name has no scheme, port, path or quotation marks"
            )
    return names


def no_wildcard(names: list[str]) -> list[str]:
    if "*" in names:
        raise ValueError("contains *: any host name would be trusted")
    return names


def web_address(text: str) -> str:
    """An address of a site, without a "/" at its end."""
    parts = _split(text)
    is_site = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username)
    if not (parts.scheme in {"http", "https"} and _is_host(parts) and is_site):
        raise ValueError(f"is {text!r}; it must be https:// and a host name, without a path")
    return text.rstrip("/")


def https_address(text: str) -> str:
    """Any address that begins with http:// or https://; it may have a path."""
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not _is_host(parts) or parts.username:
        raise ValueError(f"is {text!r}; it must be https:// and a host name")
    return text


def encrypted(address: str) -> str:
    if not address.startswith("https://"):
        raise ValueError("must begin with https://: secrets are sent over it")
    return address


def database(text: str) -> dict[str, Any]:
    """Django's settings of a database. `host=` in the query is the folder of a Unix socket."""
    if urlsplit(text).scheme not in _DATABASE_SCHEMES:
        raise ValueError("must be a postgres:// address: only PostgreSQL is supported")
    parts = _split(text)
    name = parts.path.removeprefix("/")
    if not name or re.search("[/@:]", name) or parts.fragment or not _is_host(parts, or_none=True):
        raise ValueError(f"must be postgres://user:password@host/name; {ENCODE}")
    values: dict[str, Any] = environ.Env.db_url_config(text)
    options = dict(values.get("OPTIONS") or {})
    if host := options.pop("host", None):
        values["HOST"] = host
    return values | {"OPTIONS": options}


def broker(text: str) -> str:
    parts = _split(text)
    is_socket = parts.scheme == "redis+socket"
    is_numbered = is_socket or re.fullmatch("/?[0-9]*", parts.path)
    if parts.scheme not in _BROKER_SCHEMES or parts.fragment or not is_numbered:
        raise ValueError(f"must be redis://host:6379/0, rediss:// or redis+socket://; {ENCODE}")
    if not is_socket and not _is_host(parts):
        raise ValueError(f"must name a host, as in redis://host:6379/0; {ENCODE}")
    return text


def email_server(text: str) -> dict[str, Any]:
    """Django's settings of email."""
    parts = _split(text)
    is_server = parts.scheme in _MAIL_SERVER_SCHEMES
    if is_server and not (_is_host(parts) and parts.path in {"", "/"} and not parts.fragment):
        raise ValueError(f"must be smtp://user:password@host:587; {ENCODE}")
    if not is_server and parts.scheme not in _OTHER_EMAIL_SCHEMES:
        raise ValueError("must begin with smtp://, smtp+tls:// or smtp+ssl://")
    values: dict[str, Any] = environ.Env.email_url_config(text)
    return values


def delivering(values: dict[str, Any]) -> dict[str, Any]:
    if not str(values["EMAIL_BACKEND"]).endswith("smtp.EmailBackend"):
        raise ValueError("must begin with smtp://, smtp+tls:// or smtp+ssl://: emails are sent")
    return values


def bounce_mailbox(text: str) -> BounceMailbox:
    """Parse `imaps://user:password@host:993/folder`, or `imap+tls://` for STARTTLS.

    `imap://`, without encryption, is for this machine only.
    """
    parts = _split(text)
    example = "imaps://user:password@host/INBOX"
    if parts.scheme not in _MAILBOX_SCHEMES:
        raise ValueError(f"must be an address such as {example}")
    security, default_port = _MAILBOX_SCHEMES[parts.scheme]
    host, folder = parts.hostname, unquote(parts.path.strip("/")) or "INBOX"
    if not (host and parts.username) or parts.query or parts.fragment:
        raise ValueError(f"must have a user and a host, as in {example}; {ENCODE}")
    if security == "none" and host not in _LOCAL_HOSTS:
        raise ValueError("must begin with imaps:// or imap+tls://: the password would be readable")
    if any(ord(letter) < 32 or letter in '"\\' for letter in folder) or not folder.isascii():
        raise ValueError("has a folder name that is not plain ASCII letters, digits and spaces")
    return BounceMailbox(
        host=host,
        port=parts.port or default_port,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=folder,
        security=security,
    )


def sender(text: str) -> str:
    """One email address, with or without a name: `Tracker <tracker@example.org>`."""
    _, address = parseaddr(text)
    if not address or text.count("@") != 1 or not text.removesuffix(">").endswith(address):
        raise ValueError(f"is {text!r}; it must be one email address, such as Name <a@example.org>")
    email_address(address)
    return text


def email_address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(f"is {text!r}; it must have an email address") from None
    return text


def notify_key(text: str) -> str:
    if len(text) < MIN_NOTIFY_KEY_LENGTH:
        raise ValueError("is too short to be a key of GOV.UK Notify")
    return text


def folder(text: str) -> Path:
    if not Path(text).is_absolute():
        raise ValueError(f"is {text!r}; it must be a whole path that begins with /")
    return Path(text)


def evidence_address(text: str) -> str:
    evidence_storage(text, state=Path("/"))
    return text


def scanner(text: str) -> str:
    parts = _split(text)
    if parts.scheme != "clamd" or not (_is_host(parts) or parts.path.strip("/")):
        raise ValueError("must be clamd://host:3310 or clamd:///socket")
    return text


def _split(text: str) -> SplitResult:
    """Split an address. Raises ValueError if its port is not a number or a part is malformed."""
    try:
        parts = urlsplit(text)
        is_port = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        is_port = False
    if not is_port or re.search(r"\s", text):
        raise ValueError(f"has no usable host and port; {ENCODE}")
    return parts


def _is_host(parts: SplitResult, *, or_none: bool = False) -> bool:
    host = parts.hostname
    if not host:
        return or_none
    return bool(_HOST.fullmatch(host) or ":" in host)
