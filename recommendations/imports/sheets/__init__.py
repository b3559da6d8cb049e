"""Reads the cells of XLSX, ODS and CSV files as they are stored. Does not need Django."""
