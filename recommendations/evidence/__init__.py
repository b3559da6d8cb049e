"""Files that show what an update says: what is taken in, how it is checked, where it is kept."""
