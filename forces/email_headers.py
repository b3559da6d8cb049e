"""The headers of every email that the service sends."""

# They keep replies such as "out of office" away (RFC 3834; the second one is Microsoft's).
AUTOMATIC_EMAIL_HEADERS = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "bulk",
}
