"""The sandbox's text-only messenger: words in, words out. Never part of `bot run`.

It shows that the pipeline needs no more of a platform than the port says.
"""
