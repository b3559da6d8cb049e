"""Reads and checks the CSV files of the register.

`folder.read_register` returns typed facts, or raises `InvalidFiles` with a sentence for each problem.
`recommendations.actions.load_register` writes them to the database.
"""
