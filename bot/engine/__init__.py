"""The pure conversation engine: (flows, session, event, moment) -> Turn. No I/O, no clock, no language.

Read `flow.py` (what a conversation is), `session.py` (where one person is), `event.py` and `effect.py` (what
goes in and out), then `step.py` (the interpreter).
"""
