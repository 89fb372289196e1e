"""Chance as the house uses it."""

import re

from bot.app.world import World


def test_a_nonce_is_eight_characters_nobody_can_guess() -> None:
    """As callback data takes them, and never the same twice."""
    nonces = [World().nonces() for _ in range(1000)]

    assert all(re.fullmatch("[0-9a-z]{8}", nonce) for nonce in nonces)
    assert len(set(nonces)) == len(nonces)
