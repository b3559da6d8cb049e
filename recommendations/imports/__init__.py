"""Many updates from one spreadsheet: read, checked row by row, shown, written all or nothing."""
