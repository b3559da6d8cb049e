"""Migrations of allauth.usersessions as if a later release had one more."""
