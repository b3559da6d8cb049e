"""Views and forms: one package for each page."""
