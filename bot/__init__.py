"""A conversational bot that stands by Israeli reservists; read README.md, then ports.py."""
