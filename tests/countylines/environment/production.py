"""The environment variables of a production that starts."""

PRODUCTION_ENVIRONMENT = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "abcdefghij" * 6,
    "ALLOWED_HOSTS": "tracker.example.org",
    "BASE_URL": "https://tracker.example.org",
    "DATABASE_URL": "postgres://app:secret@db/countylines",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://mail:25",
    "EMAIL_FROM": "tracker@example.org",
}
NOTIFY_API_KEY = "live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
