"""Emails: the weekly `digests`, instant `alerts`, the `outbox` they wait in, and its `transports`.

`rendering` turns a digest or alert into content that readers share, and `personalisation` adds a
reader's name and links. See docs/decisions/0014.
"""
