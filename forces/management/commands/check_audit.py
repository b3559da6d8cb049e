"""`manage.py check_audit`: checks the audit trail for tampering."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forces import audit
from forces.models import AuditEvent


class Command(BaseCommand):
    help = "Checks the audit trail for tampering. Names the first event that does not fit."

    def handle(self, **options: Any) -> None:
        position = audit.first_broken_link()
        if position is not None:
            raise CommandError(
                f"The audit trail is broken at event {position}: that event or an earlier one was "
                "changed or removed."
            )
        self.stdout.write(
            f"No tampering found in the audit trail: {AuditEvent.objects.count():,} events."
        )
