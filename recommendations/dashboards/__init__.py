"""What the pages show: typed read models, and their stored snapshots."""
