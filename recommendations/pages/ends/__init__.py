"""The end of an organisation, for administrators."""
