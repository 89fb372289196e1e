"""The master key as a file: made once, readable by its owner alone, refused otherwise."""

import base64
import os
import secrets
import stat
from pathlib import Path

from bot.model.exit import ExpectedError
from bot.settings.value import KEY_BYTES


class KeyFileExists(ExpectedError):
    """There is a file with that name already, and a key must never be overwritten."""

    advice = "Choose another name, or move the old file away yourself."


def fresh() -> str:
    """A new random master key, as base64 text."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def write(path: Path, key: str) -> None:
    """Put `key` into a new file with mode 0600. Raises KeyFileExists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileExists from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key + "\n")


def read(path: Path) -> str:
    """The key (or `new,old`) in the file. Raises ValueError if it can't be read or others could read it too."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~0o600:
            raise ValueError(f"others may read this file (mode {mode:04o}); run chmod 600 on it")
        return path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        raise ValueError("this file holds something other than a base64 key") from None
    except OSError as error:
        raise ValueError(f"this file can't be read ({type(error).__name__})") from None
