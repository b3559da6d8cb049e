"""Django's own email (password links) by GOV.UK Notify, where no EMAIL_URL is set."""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from recommendations.emails.transports.notify import get_client, get_notify_settings
from recommendations.emails.transports.notify_markdown import SANITISED


class NotifyBackend(BaseEmailBackend):
    """Each message's text is the body of the one template; a failure is raised to the caller."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        notify = get_notify_settings()
        client = get_client(notify)
        sent = 0
        for message in email_messages:
            for address in message.recipients():
                client.send_email_notification(
                    email_address=address,
                    template_id=notify.template_id,
                    personalisation={
                        "subject": message.subject,
                        "name": "colleague",
                        "body": str(message.body),
                    },
                    reference=f"account.{uuid.uuid4().hex}",
                    sanitise_content_for=SANITISED,
                )
                sent += 1
        return sent
