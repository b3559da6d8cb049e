"""The security suite: the matrix, what may leak, the crawler, the fuzzers.

`stage.py` is the world, `asking.py` asks in it so that nothing stays. The matrix is
`matrix.csv`; after a change that is meant, `table.HOW` writes it anew, and its diff is read.
A new address without arguments needs its row alone, one with arguments a maker in
`arguments.py`, a public one a line in `test_matrix_promises.py`, and a form that is to be sent
as whoever may an entry in `forms_of_deeds.py`.
"""
