"""A made-up year of progress, so that an empty service can be looked at and tried.

All of it follows from a date and a seed: the same two give the same data, and a later date
continues the same story. `history` replays a story into positions and flag episodes.
"""
