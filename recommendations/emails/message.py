"""One email as Django's email backends take it."""

from email.mime.image import MIMEImage

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from forces.email_headers import automatic_headers
from recommendations.emails.personalisation import personalise_email
from recommendations.models import OutboxEmail

TREND_CONTENT_ID = "trend"


class _Message(EmailMultiAlternatives):
    mixed_subtype = "related"  # the HTML shows the attached picture


def build_message(email: OutboxEmail) -> EmailMultiAlternatives:
    """Return text, HTML and picture, with the headers that let an email client unsubscribe."""
    personal = personalise_email(email)
    message = _Message(
        subject=personal.subject,
        body=personal.text,
        from_email=settings.EMAIL_RETURN_ADDRESS,
        to=[email.address],
        headers=automatic_headers(message_id=email.message_id)
        | {
            "List-Unsubscribe": f"<{personal.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(personal.html, "text/html")
    if personal.picture is not None:
        picture = MIMEImage(personal.picture, "png")
        picture.add_header("Content-ID", f"<{TREND_CONTENT_ID}>")
        picture.add_header("Content-Disposition", "inline", filename="trend.png")
        message.attach(picture)
    return message
