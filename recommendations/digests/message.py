"""A mail as Django's mail backends take it."""

from email.mime.image import MIMEImage

from django.core.mail import EmailMultiAlternatives

from recommendations.digests.personal import Personal

TREND = "trend"  # the content id of the picture


class _MailWithPicture(EmailMultiAlternatives):
    """What is attached belongs to the HTML, which shows it."""

    mixed_subtype = "related"


def message_of(said: Personal, *, to: str, message_id: str) -> EmailMultiAlternatives:
    """Text, HTML and the picture; the headers by which a mail program offers to unsubscribe."""
    message = _MailWithPicture(
        subject=said.subject,
        body=said.text,
        to=[to],
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{said.leave_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(said.html, "text/html")
    if said.picture is not None:
        picture = MIMEImage(said.picture, "png")
        picture.add_header("Content-ID", f"<{TREND}>")
        picture.add_header("Content-Disposition", "inline", filename="trend.png")
        message.attach(picture)
    return message
