"""Views translate HTTP: they ask positions and querysets, call actions, and nothing else."""
