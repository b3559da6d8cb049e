"""The next release takes over from the previous one while people work."""
