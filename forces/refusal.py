"""What an action raises where it will not do as asked."""


class Refusal(Exception):
    """An act that makes no sense now. Its text is a sentence for the person who tried."""
