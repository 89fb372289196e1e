"""What every bot of a test needs and none changes, made once in a run: two migrated files, and the words it says.

Words are read again whenever a file of the flows or the translations is another one.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot import app
from bot.app.words import Words, words
from bot.settings import Settings

_files: Final[dict[str, bytes]] = {}
_words: Final[dict[str, Words]] = {}


async def migrated(settings: Settings) -> None:
    """Both databases, empty and up to date: SQLite files are copied, what is on a server is migrated."""
    if not settings.database_url.startswith("sqlite"):
        await app.migrate(settings)
        return
    data, keys = (Path(url.partition("///")[2]) for url in (settings.database_url, settings.keys_url))
    if not _files:
        await app.migrate(settings)
        _files.update({path.name: path.read_bytes() for path in _beside(data, keys)})
        return
    for path in (data, keys):
        path.parent.mkdir(parents=True, exist_ok=True)
        for name in _files:
            if name.startswith(path.name):
                (path.parent / name).write_bytes(_files[name])


def _beside(*paths: Path) -> Iterator[Path]:
    """The files with what SQLite keeps next to them."""
    for path in paths:
        yield from path.parent.glob(f"{path.name}*")


def read_once(settings: Settings) -> Words:
    """`words`, as long as nothing it is read from changes."""
    key = f"{_print(settings.flows_dir)} {_print(settings.locales_dir)} {settings.content_policy}"
    if key not in _words:
        _words[key] = words(settings)
    return _words[key]


def _print(folder: Path) -> str:
    """A hash of every file's name and content."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()
