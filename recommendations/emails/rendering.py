"""Renders a digest or alert: subject, text, HTML, and fields for GOV.UK Notify.

Preview and sending use the same function. Placeholders stand for the reader's name and links: see
`personalisation`.
"""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from recommendations.emails import personalisation
from recommendations.emails.transports import notify_markdown
from recommendations.emails.transports.notify_markdown import EmailData
from recommendations.models import EmailContent

if TYPE_CHECKING:
    import css_inline

DEMONSTRATION_PREFIX = "[Demonstration] "
MAX_SUBJECT_LENGTH = 200  # characters


def render(email: EmailData, *, at: datetime) -> EmailContent:
    """Return the unsaved content of an email, by the templates that its `family` names."""
    subject = (DEMONSTRATION_PREFIX if email.is_synthetic else "") + email.subject
    subject = " ".join(subject.split())[:MAX_SUBJECT_LENGTH]  # one line, whatever names contain
    context = {
        "email": email,
        "name": personalisation.NAME_PLACEHOLDER,
        "unsubscribe_url": personalisation.UNSUBSCRIBE_PLACEHOLDER,
        "preferences_url": personalisation.PREFERENCES_PLACEHOLDER,
        "base_url": settings.BASE_URL,
        "service_name": settings.SERVICE_NAME,
        "subject": subject,
    }
    html = render_to_string(f"emails/messages/{email.family}.html", context)
    trend = getattr(email, "trend", None)
    return EmailContent(
        subject=subject,
        text=_collapse_blank_lines(
            render_to_string(f"emails/messages/{email.family}.txt", context)
        ),
        html=_inliner().inline(html),
        fields=notify_markdown.build_fields(email, subject=subject),
        picture=trend.png if trend else None,
        made_at=at,
    )


@lru_cache(maxsize=1)
def _inliner() -> "css_inline.CSSInliner":
    import css_inline

    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def _collapse_blank_lines(text: str) -> str:
    """Leave at most one empty line between two lines."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
