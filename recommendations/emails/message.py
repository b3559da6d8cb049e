"""One email as Django's email backends take it."""

from email.mime.image import MIMEImage

from django.core.mail import EmailMultiAlternatives

from recommendations.emails.personalisation import personal_of
from recommendations.models import OutboxMail

TREND = "trend"  # the content id of the picture


class _Message(EmailMultiAlternatives):
    mixed_subtype = "related"  # what is attached is shown by the HTML


def build_message(mail: OutboxMail) -> EmailMultiAlternatives:
    """Text, HTML and the picture, with the headers by which an email program unsubscribes."""
    email = personal_of(mail)
    message = _Message(
        subject=email.subject,
        body=email.text,
        to=[mail.address],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{email.leave_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(email.html, "text/html")
    if email.picture is not None:
        picture = MIMEImage(email.picture, "png")
        picture.add_header("Content-ID", f"<{TREND}>")
        picture.add_header("Content-Disposition", "inline", filename="trend.png")
        message.attach(picture)
    return message
