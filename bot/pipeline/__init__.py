"""The machinery between the platforms and the engine: receive -> inbox -> process -> outbox -> deliver, and tick.

Each module is one stage or one decision. Nothing that matters lives in memory: a loop can be killed at any line.
"""
