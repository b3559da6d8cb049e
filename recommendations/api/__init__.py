"""The read-only API, version 1: the same figures as the pages, for programs (docs: `/api/`).

`door` lets a request in, `bearer` finds whose it is, `endpoints` names what can be asked,
`lists` finds the rows, `answers` writes them as JSON or CSV. Nothing here writes anything but
when a token was used and that one was refused.
"""
