"""Renders an email: subject, text, HTML, and fields for GOV.UK Notify.

Preview and sending use the same function. Placeholders stand for the reader's name and links: see
`personalisation`.
"""

import textwrap
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from recommendations.emails import personalisation
from recommendations.emails.parts import Email
from recommendations.emails.transports import notify_markdown
from recommendations.models import EmailContent

if TYPE_CHECKING:
    import css_inline

DEMONSTRATION_PREFIX = "[Demonstration] "
MAX_SUBJECT_LENGTH = 200  # characters
MAX_LINE_LENGTH = 76  # characters of the text version, apart from addresses
CELLS_PER_ROW = 10


def render(email: Email, *, at: datetime) -> EmailContent:
    """Return the unsaved content of an email."""
    prefix = DEMONSTRATION_PREFIX if email.is_synthetic else ""
    subject = f"{settings.SERVICE_NAME}: {prefix}{email.subject}"
    subject = " ".join(subject.split())[:MAX_SUBJECT_LENGTH]  # one line, whatever names contain
    context = {
        "email": email,
        "cell_rows": [
            email.cells[first : first + CELLS_PER_ROW]
            for first in range(0, len(email.cells), CELLS_PER_ROW)
        ],
        "unsubscribe_url": personalisation.UNSUBSCRIBE_PLACEHOLDER,
        "preferences_url": personalisation.PREFERENCES_PLACEHOLDER,
        "base_url": settings.BASE_URL,
        "service_name": settings.SERVICE_NAME,
        "subject": subject,
    }
    return EmailContent(
        subject=subject,
        text=_tidy(render_to_string("emails/messages/email.txt", context)),
        html=_inliner().inline(render_to_string("emails/messages/email.html", context)),
        fields=notify_markdown.build_fields(email, subject=subject),
        picture=email.trend.png if email.trend else None,
        made_at=at,
    )


@lru_cache(maxsize=1)
def _inliner() -> "css_inline.CSSInliner":
    import css_inline

    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def _tidy(text: str) -> str:
    """Wrap long lines with their indent, and leave at most one empty line between two lines."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        content = line.lstrip(" *")
        indent = " " * (len(line) - len(content))
        if content:
            lines += textwrap.wrap(
                line.rstrip(),
                MAX_LINE_LENGTH,
                subsequent_indent=indent,
                drop_whitespace=True,
                break_long_words=False,
                break_on_hyphens=False,
            )
        elif lines and lines[-1]:
            lines.append("")
    return "\n".join(lines) + "\n"
