"""Accounts: sign-in, passwords, second factors, passkeys, single sign-on, sessions, invitations."""
