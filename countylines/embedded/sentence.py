"""What stops a command: one sentence, and no traceback."""


class Sentence(Exception):
    """Said to the person at the terminal as it is."""
