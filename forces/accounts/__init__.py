"""Signing in and staying signed in: passwords, second factors, sessions, single sign-on."""
