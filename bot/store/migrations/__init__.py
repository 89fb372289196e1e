"""Alembic's scripts: one history for the data file, one for the key file. Run by `bot.store.migrate` only."""
