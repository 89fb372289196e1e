"""What simulated people send: a photo and a voice message as phones make them, with all that nobody sees in them.

The photo lies on its side and says so, and holds a place on Earth, a phone, a name and a comment; the sound holds a
title and a name.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent

PHOTO = (_FOLDER / "photo.jpg").read_bytes()
VOICE = (_FOLDER / "voice.ogg").read_bytes()
