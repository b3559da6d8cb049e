"""What leaves the service as a table."""
