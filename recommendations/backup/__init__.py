"""Backups of the database and the evidence, encrypted to a public key (docs/decisions/0022)."""
