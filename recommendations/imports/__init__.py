"""Updates, and people to invite, from a spreadsheet: read, checked, shown, all written or none."""
