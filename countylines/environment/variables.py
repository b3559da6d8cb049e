"""The environment variables of the service. `docs/configuration.md` is written from this list."""

from countylines.environment import formats
from countylines.environment.variable import DEVELOPMENT, PRODUCTION, TEST, Variable
from forces.accounts.provider import group_roles

NOTIFY_URL = "https://api.notifications.service.gov.uk"
# The first parts of the service's own addresses, which ADMIN_PATH cannot be. A test compares them.
OWN_PATHS = """
accessibility accounts api audit calendar changes closures cookies deadlines dev digests downloads
evidence forces fragmentation heatmap help import inspections jobs joint-actions metrics outcomes
people privacy questions quotes recommendations regions requests responses reviews rocus search
second-reviews security static trends views waiting your-data
"""


def _admin_path(path: str) -> str:
    if not formats.PATH_PART.fullmatch(path):
        raise ValueError(f"is {path!r}; it must be lower-case letters, digits and hyphens only")
    if path in OWN_PATHS.split():
        raise ValueError(f"is {path!r}, which is the address of a page of the service")
    return path


def _not_debug(debug: bool) -> None:
    if debug:
        raise ValueError("is on: in production it would show the code to visitors")


VARIABLES = [
    Variable(
        name="ENVIRONMENT",
        about="What the service runs as: `production`, `development` or `test`",
        parse=formats.one_of(DEVELOPMENT, TEST, PRODUCTION),
        default=PRODUCTION,
    ),
    Variable(
        name="DEBUG",
        about="Django's debug pages, in development only: `on` or `off`",
        parse=formats.switch,
        default="off",
        check_production=_not_debug,
    ),
    Variable(
        name="SECRET_KEY",
        about="Signs sessions and reset links; at least 50 characters",
        default="not-secret-" * 5,
        required_because="it signs sessions and reset links",
        check_production=formats.secret_key,
        is_secret=True,
    ),
    Variable(
        name="SECRET_KEY_FALLBACKS",
        about="Earlier keys, separated by commas, which still work for reading and checking",
        parse=formats.words,
        check_production=formats.secret_keys,
        is_secret=True,
    ),
    Variable(
        name="ALLOWED_HOSTS",
        about="Host names of the service, separated by commas, without ports",
        parse=formats.host_names,
        default="localhost,127.0.0.1,[::1]",
        required_because="it lists the host names of the service",
        check_production=formats.no_wildcard,
    ),
    Variable(
        name="BASE_URL",
        about="Address of the service, with which links in emails begin; `https://` in production,"
        " with one of `ALLOWED_HOSTS`",
        parse=formats.web_address,
        required_because="links in emails begin with it",
        check_production=formats.encrypted,
    ),
    Variable(
        name="DATABASE_URL",
        about="`postgres://user:password@host:5432/name`; only PostgreSQL is supported",
        parse=formats.database,
        default="postgres://localhost/countylines",
        required_because="all data are stored there",
        is_secret=True,
    ),
    Variable(
        name="DATABASE_PASSWORD",
        about="The password for `DATABASE_URL` as it is, if it is not part of that address",
        is_secret=True,
    ),
    Variable(
        name="REDIS_URL",
        about="`redis://:password@host:6379/0`: the queue of jobs and the cache; it may be emptied"
        " at any time",
        parse=formats.broker,
        default="redis://localhost:6379/0",
        required_because="jobs are queued there",
        is_secret=True,
    ),
    Variable(
        name="EMAIL_URL",
        about="Email server: `smtp://user:password@host:587`, `smtp+tls://` for STARTTLS or"
        " `smtp+ssl://`. Production needs it or `NOTIFY_API_KEY`",
        parse=formats.email_server,
        check_production=formats.delivering,
        is_secret=True,
    ),
    Variable(
        name="EMAIL_FROM",
        about="The sender of every email",
        parse=formats.sender,
        default="County lines recommendations tracker <tracker@localhost>",
        required_because="emails need a sender",
    ),
    Variable(
        name="EMAIL_RETURN_ADDRESS",
        about="Where email servers send delivery failures: the address of the mailbox in"
        " `BOUNCE_MAILBOX_URL`; the address in `EMAIL_FROM` without it",
        parse=formats.email_address,
    ),
    Variable(
        name="BOUNCE_MAILBOX_URL",
        about="Mailbox from which delivery failures are read: `imaps://user:password@host:993/INBOX`"
        " or `imap+tls://` for STARTTLS ([how to set it up](operating.md#email))",
        parse=formats.bounce_mailbox,
        is_secret=True,
    ),
    Variable(
        name="BOUNCE_MAILBOX_CLIENT_ID",
        about="For a mailbox without a password, as in Microsoft 365: the client id of the app that"
        " reads it. `BOUNCE_MAILBOX_URL` then has the user alone",
    ),
    Variable(
        name="BOUNCE_MAILBOX_CLIENT_SECRET",
        about="The client secret for `BOUNCE_MAILBOX_CLIENT_ID`",
        is_secret=True,
    ),
    Variable(
        name="BOUNCE_MAILBOX_TOKEN_URL",
        about="Where the app gets its access token:"
        " `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`",
        parse=formats.https_address,
        check_production=formats.encrypted,
    ),
    Variable(
        name="BOUNCE_MAILBOX_SCOPE",
        about="What the access token is for",
        default="https://outlook.office365.com/.default",
    ),
    Variable(
        name="EMAIL_TIMEOUT",
        about="Seconds to wait for an answer of the email server",
        parse=formats.seconds,
        default="20",
    ),
    Variable(
        name="MAIL_LEASE",
        about="Seconds for which a sender reserves its emails; at least 20 times `EMAIL_TIMEOUT`",
        parse=formats.seconds,
        default="600",
    ),
    Variable(
        name="MAIL_FIRST_PAUSE",
        about="Seconds before an email that failed is tried again for the first time",
        parse=formats.seconds,
        default="300",
    ),
    Variable(
        name="NOTIFY_API_KEY",
        about="Sends emails by GOV.UK Notify ([template](notify-template.md))",
        parse=formats.notify_key,
        is_secret=True,
    ),
    Variable(
        name="NOTIFY_TEMPLATE_ID",
        about="The id of the template at GOV.UK Notify, which `NOTIFY_API_KEY` needs",
    ),
    Variable(
        name="NOTIFY_BASE_URL",
        about="Address of GOV.UK Notify",
        parse=formats.https_address,
        default=NOTIFY_URL,
        check_production=formats.encrypted,
    ),
    Variable(
        name="CONTACT_EMAIL",
        about="The contact on the sign-in, error, help, accessibility and security pages, in emails"
        " about accounts and in `/.well-known/security.txt`",
        parse=formats.email_address,
    ),
    Variable(
        name="EVIDENCE_STORAGE_URL",
        about="Where evidence is stored: `file:///folder` or"
        " `s3://key:secret@host/bucket?region=eu-west-2`; a folder in `STATE_PATH` without it",
        parse=formats.evidence_address,
        is_secret=True,
    ),
    Variable(
        name="EVIDENCE_QUOTA_MB",
        about="Megabytes of evidence for each organisation",
        parse=formats.whole_number(1, 10_000_000),
        default="2000",
    ),
    Variable(
        name="CLAMD_URL",
        about="Virus scanner: `clamd://host:3310`; without it, files are labelled as not scanned,"
        " and PDF files with scripts are refused",
        parse=formats.scanner,
    ),
    Variable(
        name="METRICS_TOKEN",
        about="Token for `/metrics`, at least 16 characters; without it, `/metrics` does not exist",
        check_production=formats.token,
        is_secret=True,
    ),
    Variable(
        name="BACKUP_RECIPIENTS",
        about="Public keys (age) to which backups are encrypted, separated by commas",
        parse=formats.backup_keys,
    ),
    Variable(
        name="ADMIN_PATH",
        about="Path of Django's admin: lower-case letters, digits and hyphens",
        parse=_admin_path,
        default="register-office",
    ),
    Variable(
        name="TRUSTED_PROXIES",
        about="Number of proxies that add to `X-Forwarded-For`; 1 in production",
        parse=formats.whole_number(0, 10),
    ),
    Variable(
        name="OIDC_SERVER_URL",
        about="Address of the single sign-on provider"
        " ([how to set it up](operating.md#people-and-sign-in))",
        parse=formats.https_address,
        check_production=formats.encrypted,
    ),
    Variable(name="OIDC_CLIENT_ID", about="The client id that the provider gave this service"),
    Variable(
        name="OIDC_CLIENT_SECRET", about="The client secret for `OIDC_CLIENT_ID`", is_secret=True
    ),
    Variable(
        name="OIDC_NAME",
        about="The text on the button after “Sign in with”",
        default="your organisation's account",
    ),
    Variable(
        name="OIDC_GROUPS",
        about="`group=role` or `group=role:body`, separated by commas",
        parse=group_roles,
    ),
    Variable(
        name="OIDC_GROUPS_CLAIM", about="The claim that holds a person's groups", default="groups"
    ),
    Variable(
        name="OIDC_ADDRESS_CLAIM",
        about="The claim that holds a person's email address",
        parse=formats.one_of("email", "preferred_username", "upn"),
        default="email",
    ),
    Variable(
        name="OIDC_ASSURES_SECOND_FACTOR",
        about="`on` if the provider asks everybody for a second factor",
        parse=formats.switch,
        default="off",
    ),
    Variable(
        name="OIDC_TRUSTS_ADDRESSES",
        about="`on` if the provider only has email addresses of its own organisation",
        parse=formats.switch,
        default="off",
    ),
    Variable(
        name="WEB_WORKERS",
        about="Number of web server processes; each answers four requests at a time"
        " (`WEB_CONCURRENCY` in the compose file)",
        parse=formats.whole_number(1, 64),
        default="2",
    ),
    Variable(
        name="PORT",
        about="Port of `make run`; in compose, the port on this machine's loopback interface",
        parse=formats.whole_number(1, 65_535),
        default="8000",
    ),
    Variable(
        name="STATE_PATH",
        about="Folder for files that the service writes; `var` of the checkout without it",
        parse=formats.folder,
    ),
    Variable(
        name="MAILBOX_PATH",
        about="Folder of the emails that `make run` shows; ignored in production",
        parse=formats.folder,
    ),
]
