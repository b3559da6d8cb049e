"""`manage.py check_audit`: is the audit trail whole?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forces import audit
from forces.models import AuditEvent


class Command(BaseCommand):
    help = "Verify the chain of the audit trail and name its first broken link."

    def handle(self, **options: Any) -> None:
        position = audit.first_broken_link()
        if position is not None:
            raise CommandError(
                f"The audit trail is broken at event {position}: it, or one before it, was altered "
                "or removed."
            )
        self.stdout.write(f"The audit trail is whole: {AuditEvent.objects.count():,} events.")
