"""The components against the markup that govuk-frontend ships, the forms and the tags."""
