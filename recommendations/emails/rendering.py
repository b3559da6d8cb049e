"""A digest or news as a mail: subject, text, HTML, and fields for GOV.UK Notify.

Preview and sending use the same function. The reader's own words are marks: see `personal`.
"""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from recommendations.emails import personalisation
from recommendations.emails.content import EmailContent
from recommendations.emails.transports import notify_markdown
from recommendations.models import MailContent

if TYPE_CHECKING:
    import css_inline

LABEL = "[Demonstration] "
LONGEST_SUBJECT = 200


def render(told: EmailContent, *, at: datetime) -> MailContent:
    """A content that is not saved yet."""
    labelled = (LABEL if told.is_synthetic else "") + told.subject
    subject = " ".join(labelled.split())[:LONGEST_SUBJECT]  # one line, whatever a body is called
    context = {
        "digest": told,
        "name": personalisation.NAME,
        "leave_url": personalisation.LEAVE,
        "choose_url": personalisation.CHOOSE,
        "base_url": settings.BASE_URL,
        "service_name": settings.SERVICE_NAME,
        "subject": subject,
    }
    html = render_to_string(f"emails/messages/{told.family}.html", context)
    trend = getattr(told, "trend", None)
    return MailContent(
        subject=subject,
        text=_without_gaps(render_to_string(f"emails/messages/{told.family}.txt", context)),
        html=_inliner().inline(html),
        fields=notify_markdown.fields(told, subject=subject),
        picture=trend.png if trend else None,
        made_at=at,
    )


@lru_cache(maxsize=1)
def _inliner() -> "css_inline.CSSInliner":
    import css_inline

    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def _without_gaps(text: str) -> str:
    """At most one empty line between two lines."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
