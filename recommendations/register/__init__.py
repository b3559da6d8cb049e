"""Reads and checks the CSV files of the register.

`folder.read_register` returns typed facts, or raises `BadFiles` with a sentence for every problem.
`recommendations.actions.load_register` writes them to the database.
"""
