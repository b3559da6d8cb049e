"""The database that the register was last known to live in."""

from django.db import models


class DatabaseIdentity(models.Model):
    """One row, written before a backup. A restored database has another identity.

    `system_identifier` is that of the PostgreSQL cluster, and `database_oid` the number of the
    database in it: see forces/email_hold.py.
    """

    system_identifier = models.CharField(max_length=20)
    database_oid = models.BigIntegerField()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.system_identifier}/{self.database_oid}"
