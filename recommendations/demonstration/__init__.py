"""A made-up year of progress, to try the service with.

A date and a seed determine all of it: the same two give the same data, and a later date continues
the same histories. `load.load_demonstration` writes it; `story` makes up the events of one
assignment, and `history` derives states and flag episodes from them.
"""
