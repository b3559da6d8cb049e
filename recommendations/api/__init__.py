"""The read-only API, version 1: the figures of the pages as JSON and CSV. `/api/` documents it.

`authentication` checks tokens, `endpoints` declares the addresses and `parameters` what they take,
`querysets` reads the rows, `serializers` and `schemas` give them their form, `responses` sends
them. The API writes only when a token was last used, and refused tokens.
"""
