"""The security tests: the matrix of endpoints and users, leaks, the crawler and the fuzzers.

`scenario.py` and `force_records.py` create the data, and `clients.py` sends requests that leave
nothing behind. The matrix is `matrix.csv`: after an intended change, write it again with
`matrix.WRITE_COMMAND` and review the diff. A new endpoint without arguments only needs its row. One
with arguments needs a function in `arguments.py`, a public one a line in `test_matrix_rules.py`,
and a form that the matrix should submit an entry in `form_data.py`.
"""
