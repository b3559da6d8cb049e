"""Coming in, and staying in: second factors, sessions, invitations, tries, single sign-on."""
