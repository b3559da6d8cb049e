"""The embedded servers and processes of `make run` and `make test` (docs/decisions/0002).

Real PostgreSQL and Valkey from wheels, on Unix sockets, as children of one launcher that starts
them in order, notices when one dies, and leaves nothing behind. Production uses none of this.
"""
