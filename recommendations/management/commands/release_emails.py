"""`manage.py release_emails`: lets a restored register send emails again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from forces.models import Role, User
from forces.refusal import Refusal
from forces.text import normalise_email
from recommendations.emails.release import release_emails


class Command(BaseCommand):
    help = (
        "Let a register that was restored from a backup send emails again. By default, everything "
        "up to now counts as sent; with --send, all waiting emails go out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, help="email address of an administrator")
        parser.add_argument(
            "--send",
            action="store_true",
            help="send all that waits, if nothing was sent after the backup was made",
        )

    def handle(self, *, by: str, send: bool, **options: Any) -> None:
        administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
        person = administrators.filter(email__iexact=normalise_email(by)).first()
        if person is None:
            raise CommandError("There is no active administrator with this address.")
        try:
            done = release_emails(by=person, at=timezone.now(), were_sent=not send)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Emails are released. {done}")
