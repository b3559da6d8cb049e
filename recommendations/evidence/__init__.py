"""Evidence files: which are accepted, how they are checked, and where they are stored."""
