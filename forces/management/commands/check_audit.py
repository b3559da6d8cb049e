"""`manage.py check_audit`: checks the audit trail, and the rows that it records, for tampering."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from forces import audit_check
from forces.audit_check import AuditCheck
from forces.audit_head import AuditHead, heads_in

MAX_LINES = 50


class Command(BaseCommand):
    help = (
        "Checks the audit trail for tampering, and the updates, reviews, due dates, evidence and "
        "other rows that it records. Names every event and row that does not fit."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--against",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="check against the heads in this file: a log, a weekly email, the manifest of a "
            "backup, or a file written by --save",
        )
        parser.add_argument("--head", metavar="HASH", help="check against this hash ...")
        parser.add_argument("--count", type=int, metavar="N", help="... of event N")
        parser.add_argument(
            "--save", type=Path, metavar="FILE", help="add the head to this file, if all is well"
        )
        parser.add_argument(
            "--record-existing",
            action="store_true",
            help="record rows that no event records, as they are now. Look at them first",
        )

    def handle(self, **options: Any) -> None:
        heads = _heads(options)
        now = timezone.now()
        if options["record_existing"]:
            count = audit_check.record_existing_rows(at=now)
            self.stdout.write(f"Rows recorded as they are now: {count:,}.")
        result = audit_check.check_trail(against=heads)
        for finding in result.findings[:MAX_LINES]:
            self.stderr.write(finding.text)
        self._write_summary(result, heads)
        if count := len(result.findings):
            more = f" The first {MAX_LINES} are above." if count > MAX_LINES else ""
            noun = "finding" if count == 1 else "findings"
            raise CommandError(f"The audit trail is broken: {count:,} {noun}.{more}")
        line = result.head.line_at(now)
        self.stdout.write(line)
        if options["save"]:
            with options["save"].open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        self.stdout.write("No tampering found.")

    def _write_summary(self, result: AuditCheck, heads: list[AuditHead]) -> None:
        self.stdout.write(
            f"Events: {result.head.count:,}. Rows recorded by the event that wrote them: "
            f"{result.rows_recorded:,}."
        )
        if result.rows_recorded_later:
            self.stdout.write(
                f"Rows recorded later: {result.rows_recorded_later:,}, the last at "
                f"{result.recorded_later_at:%Y-%m-%d %H:%M} UTC. Changes before they were recorded "
                "cannot be found."
            )
        if result.events_without_rows:
            self.stdout.write(
                f"Not proved: the rows of {result.events_without_rows:,} events from before rows "
                "were recorded."
            )
        self.stdout.write(
            f"Heads checked: {len(heads):,}."
            if heads
            else "No head to check against: if the last events were cut off or the whole trail was "
            "rewritten, this check cannot say so. Use --against or --head."
        )


def _heads(options: dict[str, Any]) -> list[AuditHead]:
    """Return the heads to check against. Raises CommandError if a file has none."""
    heads = []
    for path in options["against"]:
        try:
            found = heads_in(path.read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        if not found:
            raise CommandError(f"There is no head of an audit trail in {path}.")
        heads += found
    digest, count = options["head"], options["count"]
    if (digest is None) != (count is None):
        raise CommandError("Use --head and --count together.")
    if digest is not None:
        digest = digest.strip().lower()
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef") or count < 1:
            raise CommandError("A head is 64 hex digits, and a count from 1.")
        heads.append(AuditHead(count, digest))
    return heads
