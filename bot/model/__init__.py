"""The shared words of the project: frozen dataclasses and closed sets, standard library only.

Everything above (engine, store, transports, pipeline) speaks in these types; nothing here does I/O,
reads a clock or knows a language.
"""
