"""How long each kind of data is kept, in one table, and the job that carries it out."""
