"""A digest as mail: subject, text and HTML. Preview and sending use the same function."""

from dataclasses import dataclass
from functools import lru_cache

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from forces.models import User
from recommendations.digests.content import BodyDigest, NationalDigest

LABEL = "[Demonstration] "


@dataclass(frozen=True)
class Rendered:
    """Ready to send. The subject is one line."""

    subject: str
    text: str
    html: str


def render(digest: BodyDigest | NationalDigest, *, reader: User) -> Rendered:
    """The three parts of one mail to one reader."""
    family = "body" if isinstance(digest, BodyDigest) else "national"
    labelled = (LABEL if digest.is_synthetic else "") + digest.subject
    subject = " ".join(labelled.split())  # one line, whatever a body is called
    context = {
        "digest": digest,
        "reader": reader,
        "base_url": settings.BASE_URL,
        "service_name": settings.SERVICE_NAME,
        "subject": subject,
    }
    html = render_to_string(f"mail/{family}.html", context)
    return Rendered(
        subject=subject,
        text=_without_gaps(render_to_string(f"mail/{family}.txt", context)),
        html=_inliner().inline(html),
    )


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def _without_gaps(text: str) -> str:
    """At most one empty line between two lines."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
