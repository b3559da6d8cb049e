"""Django settings. Values that differ between environments come from `countylines.environment`."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from countylines import schedule
from countylines.environment import DEVELOPMENT, PRODUCTION, TEST, Environment
from countylines.observability import logs
from countylines.release import release_of

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = Environment.read_or_exit(root=BASE_DIR)

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
BASE_URL = ENVIRONMENT.base_url
MAILBOX_PATH = ENVIRONMENT.mailbox
CONTACT_EMAIL = ENVIRONMENT.contact_email
RELEASE = release_of(BASE_DIR)
SERVICE_NAME = "County lines recommendations tracker"

INSTALLED_APPS = [
    "recommendations.apps.RecommendationsConfig",
    "forces.apps.ForcesConfig",
    "countylines.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "countylines.observability.request_ids.RequestIdMiddleware",
    "countylines.middleware.RequestClockMiddleware",
    # Headers come before anything that may answer: health checks, files, redirects, errors.
    "countylines.middleware.ResponseHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "countylines.observability.health.HealthMiddleware",
    "countylines.middleware.StaticFilesMiddleware",
    "countylines.middleware.InspectionMiddleware",  # before all that reads the address
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "forces.accounts.sessions.SessionLimitsMiddleware",
    "countylines.middleware.DeniedRequestsMiddleware",
    "forces.accounts.sign_in_views.SignInRequiredMiddleware",
    "forces.accounts.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "forces.accounts.acting.ActingMiddleware",
    "countylines.middleware.VaryOnHtmxMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "countylines.urls"
WSGI_APPLICATION = "countylines.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "countylines.context_processors.service",
            ],
            "builtins": ["countylines.design_system.tags"],
        },
    }
]
FORM_RENDERER = "countylines.design_system.bound_field.DesignSystemRenderer"

DATABASES = {
    "default": {
        **ENVIRONMENT.database,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **ENVIRONMENT.database.get("OPTIONS", {})},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis may be emptied at any time, so no cache holds anything that must not be lost. Libraries that
# use the default cache get none; our own code uses "redis" by name.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "redis": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENVIRONMENT.cache_url,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    },
    # See docs/decisions/0007-snapshots-by-revision.md. A page is about 50 KB.
    "page_content": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "page content",
        "TIMEOUT": 60 * 15,  # seconds
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

AUTH_USER_MODEL = "forces.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24  # seconds: one day
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "forces.accounts.password_validation.GuessablePasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of old accounts
]
if ENVIRONMENT.name == TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECRET_KEY_FALLBACKS = ENVIRONMENT.old_secret_keys
DEMONSTRATION_SIGN_INS = ENVIRONMENT.name == DEVELOPMENT
ADMIN_PATH = ENVIRONMENT.admin_path
OIDC = ENVIRONMENT.single_sign_on

# allauth: sign-in, second factors and single sign-on (docs/decisions/0016)
ACCOUNT_ADAPTER = "forces.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # 12 hours, like every session
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # see `forces.accounts.attempts`
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
MFA_ADAPTER = "forces.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # invitations confirm addresses
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # for clocks that differ and slow typing; a code works once
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ENVIRONMENT.name != PRODUCTION
MFA_FORMS = {
    "authenticate": "forces.accounts.second_factor_forms.CodeForm",
    "reauthenticate": "forces.accounts.second_factor_forms.CodeReauthenticationForm",
    "activate_totp": "forces.accounts.second_factor_forms.AddAppForm",
    "add_webauthn": "forces.accounts.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "forces.accounts.passkey_forms.PasskeyNameForm",
    "authenticate_webauthn": "forces.accounts.passkey_forms.PasskeyForm",
    "reauthenticate_webauthn": "forces.accounts.passkey_forms.PasskeyReauthenticationForm",
    "login_webauthn": "forces.accounts.passkey_forms.PasskeySignInForm",
}
ACCOUNT_FORMS = {"reauthenticate": "forces.accounts.sign_in_form.PasswordReauthenticationForm"}
SOCIALACCOUNT_ADAPTER = "forces.accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = OIDC.provider if OIDC else {}

SESSION_COOKIE_AGE = 60 * 60 * 12  # seconds: a working day
# Browsers accept a cookie named __Host- only from this host, over https and for every path.
COOKIE_PREFIX = "__Host-" if ENVIRONMENT.is_https else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # no script reads them
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "countylines.views.csrf_failure"
SECURE_SSL_REDIRECT = ENVIRONMENT.is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_https else 0  # one year
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENVIRONMENT.is_https
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF, *([OIDC.origin] if OIDC else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "upgrade-insecure-requests": ENVIRONMENT.is_https,
    },
}

LANGUAGE_CODE = "en-gb"
USE_I18N = False  # one language: looking up the active one takes time for each number of a page
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = "countylines.formats"

STATIC_URL = "/static/"  # for every inspection
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [(folder, BASE_DIR / "static" / folder) for folder in ("build", "images", "js")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": ENVIRONMENT.evidence,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENVIRONMENT.is_production
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not ENVIRONMENT.is_production
WHITENOISE_AUTOREFRESH = not ENVIRONMENT.is_production

EVIDENCE_QUOTA = ENVIRONMENT.evidence_quota  # bytes of one body
METRICS_TOKEN = ENVIRONMENT.metrics_token
BACKUP_RECIPIENTS = ENVIRONMENT.backup_recipients  # public keys of age
CLAMD_URL = ENVIRONMENT.clamd_url
FILE_UPLOAD_HANDLERS = ["countylines.upload_handlers.BoundedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 200  # more than an update takes, so that its page can say so
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of text in one request

vars().update(ENVIRONMENT.email)  # EMAIL_BACKEND, EMAIL_HOST, ...
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.email_from
EMAIL_RETURN_ADDRESS = ENVIRONMENT.email_return_address or DEFAULT_FROM_EMAIL
BOUNCE_MAILBOX = ENVIRONMENT.bounce_mailbox
EMAIL_TIMEOUT = ENVIRONMENT.email_timeout  # seconds, like the next two
MAIL_LEASE = ENVIRONMENT.mail_lease
MAIL_FIRST_PAUSE = ENVIRONMENT.mail_first_pause
NOTIFY = ENVIRONMENT.notify
EMAIL_TRANSPORT = (  # of digests and alerts
    "recommendations.emails.transports.notify.NotifyTransport"
    if NOTIFY
    else "recommendations.emails.transports.smtp.SmtpTransport"
)

CELERY_BROKER_URL = ENVIRONMENT.redis_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # seconds: longer than the longest job
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 0,  # of what queues a task; workers reconnect by other settings
}
CELERY_TASK_PUBLISH_RETRY = False  # pages do not wait for the broker; the schedule catches up
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 1800  # seconds
CELERY_TASK_SOFT_TIME_LIMIT = 1500
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A process that has used more, for example for a briefing pack, is replaced after the task.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 140_000  # KiB; most tasks need about 100 MB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_QUEUES = schedule.QUEUES
CELERY_TASK_DEFAULT_QUEUE = schedule.DEFAULT_QUEUE
CELERY_TASK_ROUTES = schedule.ROUTES
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE
JOB_TIMES = schedule.JOB_TIMES
CELERY_BEAT_SCHEDULE_FILENAME = str(ENVIRONMENT.state / "beat-schedule")

LOGGING = logs.logging_config(as_json=ENVIRONMENT.is_production, secrets=ENVIRONMENT.secrets)
