"""Reads and checks the CSV files of the register.

`folder.read_register` returns typed facts, or raises `InvalidFiles` with a sentence a problem.
`recommendations.actions.load_register` writes them to the database.
"""
