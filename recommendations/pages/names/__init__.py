"""The names of an organisation, for administrators."""
