"""Organisations and people: forces, national bodies, accounts, permissions and the audit trail."""
