"""The two databases: named questions over plain model objects, and ciphertext in the tables.

Read `db` (opening, units of work), then a question module (`inbox`, `outbox`, `people`). Nothing here commits but
the caller's unit, has a clock, or knows a platform. `cryptography` is used in `crypto` only.
"""
