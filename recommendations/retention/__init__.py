"""How long each kind of data is stored, in one table, and the job that deletes it."""
