"""The commands behind `./dev`: local servers, test suites, linters and packaging checks.

Development only: the production image does not contain this package, and no production code
imports it. The PostgreSQL and Valkey servers come from wheels (docs/decisions/0002).
"""
