"""Says which rows of a model the audit trail records."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AuditCoverage:
    """Is the attribute `audit_coverage` of a model whose rows events record by their hash.

    `columns` are the names of columns that never change; empty: all of them. `must_record` is the
    SQL condition of the rows that some event has to record.
    """

    columns: tuple[str, ...] = ()
    must_record: str = "TRUE"

    @property
    def is_append_only(self) -> bool:
        """Whether triggers refuse every change; if not, only some columns never change."""
        return not self.columns
