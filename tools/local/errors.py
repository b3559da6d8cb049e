"""The exception that ends a `./dev` command."""


class DevCommandError(Exception):
    """A command cannot go on. Its message is printed without a traceback; the exit code is 1."""
