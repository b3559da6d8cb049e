"""`make compose-check`: the production shape, run for real where an engine can be had."""
