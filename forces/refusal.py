"""The domain error of actions."""


class Refusal(Exception):
    """Raised by an action that is not possible now. Its text is a sentence shown to the user."""
