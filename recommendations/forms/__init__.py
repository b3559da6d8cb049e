"""What people type, read and checked: the steps of an update, and the answer to a claim."""
