"""Nothing said is kept: a word of its own in everything a person can send, and then none of them in any file.

The bot is another process at DEBUG, some rows fail with the words in the exception's text, and everything it leaves is
searched: both databases with WAL and shared memory, backups made of them, its output, its temporary files.
"""

import base64
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.sandbox import Emulator, Person
from tests.faults.crowd import visitor_at_home
from tests.faults.place import VICTIM, Place
from tests.postgres import Cluster

HEBREW: Final = "סודשאישלאיקרא"
CHAT: Final = 7_312_645_908  # a Telegram id that is in no file by chance


@dataclass(slots=True)
class Canaries:
    """Words nobody else would write, each in one field, in one alphabet."""

    prefix: str
    made: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        """The word for a field."""
        return self.made.setdefault(name, f"{self.prefix}{name.replace('_', '')}{secrets.token_hex(4)}")


async def send_everything(emulator: Emulator, person: Person, word: Canaries) -> None:
    """Every field a person can fill, once."""
    person.introduce(first_name=word("first_name"))
    person.user.update(last_name=word("last_name"), username=word("username"))
    await person.start(secrets.token_hex(8) if word.prefix == HEBREW else word("payload"))
    number = await person.send(word("text"))
    await person.edit(number, word("edited"))
    await person.send(f"/{word('argument')} {word('argument')}")
    await person.send(f"אני רוצה למות {word('distress')}")
    await person.send(word("crisis_answer"))
    await person.photo(caption=word("caption"))
    await person.document(name=f"{word('filename')}.pdf")
    await person.contact(phone_number=f"+97250{secrets.randbelow(10**7):07}", first_name=word("contact"))
    await person.forward(word("forward"), from_name=word("forward_name"))
    newest = max(message.message_id for message in person.chat)
    await person.press_stale(word("callback"), newest)
    for body in (
        {"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": word("venue"), "address": "x"}},
        {
            "poll": {
                "id": "1",
                "question": word("poll"),
                "options": [{"text": word("option"), "voter_count": 0}],
            }
        },
        {"checklist": {"title": word("checklist"), "tasks": []}},
    ):
        emulator.inject({"message": {**_message(person), **body}})


def _message(person: Person) -> dict[str, Any]:
    post = next(iter(person.private.posts.values()))
    return {name: post.wire[name] for name in ("from", "chat", "date")} | {"message_id": 100_000}


def found(files: list[Path], words: list[str]) -> list[tuple[str, str]]:
    """Which words stand in which files, in any shape they might have been written in."""
    shapes = {word: _shapes(word) for word in words}
    contents = {path: path.read_bytes() for path in files}
    return sorted(
        (path.name, word)
        for path, content in contents.items()
        for word, every in shapes.items()
        if any(shape in content for shape in every)
    )


def _shapes(word: str) -> list[bytes]:
    plain = word.encode()
    encoded = [base64.b64encode(plain[at:])[4:-4] for at in range(3)]  # wherever in a longer text it stood
    return [plain, word.encode("utf-16-le"), word.encode("unicode_escape"), *encoded]


def files_of(place: Place) -> list[Path]:
    """Everything the bot left on disk, and a backup of each database as an operator makes one."""
    for name in ("bot.db", "keys.db"):
        original = place.directory / "data" / name
        with (
            closing(sqlite3.connect(original)) as source,
            closing(sqlite3.connect(f"{original}.backup")) as copy,
        ):
            source.backup(copy)
    return [path for path in place.directory.rglob("*") if path.is_file()]


async def lived_through(place: Place, *arguments: str) -> list[str]:
    """Two people send everything to a bot whose every log line is shown and which stumbles over some of it."""
    temporary = place.directory / "tmp"
    temporary.mkdir()
    place.urls = {**place.urls, "BOT_LOG_LEVEL": "DEBUG", "TMPDIR": str(temporary)}
    english, hebrew = Canaries("canary"), Canaries(HEBREW)
    await place.start([*VICTIM, "--stumble-at", english("text"), *arguments])
    await visitor_at_home(place.emulator)
    ids: list[str] = []
    for word, language in ((english, "en"), (hebrew, "he")):
        person = place.emulator.person(CHAT + len(ids), language_code=language)
        await send_everything(place.emulator, person, word)
        ids.append(str(person.user_id))
    await place.until_quiet()
    return [*english.made.values(), *hebrew.made.values(), *ids]


async def test_no_file_holds_a_word_of_what_people_sent(place: Place) -> None:
    """Not while the bot runs, not after it was stopped, not in a backup; what failed is sealed too."""
    words = await lived_through(place)
    while_running = found(files_of(place), words)
    failed = await place.number("SELECT count(*) FROM dead_letter WHERE body IS NOT NULL")
    sessions = await place.number("SELECT count(*) FROM session")
    log = (place.directory / "log1").read_text(encoding="utf-8")
    await place.stop_all()
    names = {path.name for path in files_of(place)}

    assert len(words) > 35
    assert while_running == []
    assert found(files_of(place), words) == []
    assert {"bot.db", "keys.db", "bot.db.backup", "keys.db.backup", "log1"} <= names
    assert failed == 1, "a row failed with the words in the exception, and is kept for a day"
    assert sessions >= 3
    assert "RuntimeError@" in log
    assert " DEBUG " in log or " INFO " in log


async def test_the_search_finds_what_a_bot_without_seals_would_leave(place: Place) -> None:
    """The same life of a bot whose seals are taken off: a search that could not fail would promise nothing."""
    words = await lived_through(place, "--in-the-clear")
    hits = found(files_of(place), words)

    assert any(name.startswith("bot.db") for name, _ in hits)
    assert {str(CHAT), str(CHAT + 1)} <= {word for _, word in hits}
    assert any(word.startswith("canarytext") for _, word in hits), (
        "what failed is kept for a day, here unsealed"
    )


async def test_no_dump_of_postgresql_holds_a_word_either(postgres_place: Place, cluster: Cluster) -> None:
    """What `pg_dump` writes of both databases."""
    words = await lived_through(postgres_place)
    dumps = [
        cluster.dump(url.partition("?")[0].rpartition("/")[2], into=postgres_place.directory / f"{name}.sql")
        for name, url in postgres_place.urls.items()
        if name.endswith("_URL")
    ]
    logs = [path for path in postgres_place.directory.rglob("*") if path.is_file()]

    assert len(dumps) == 2
    assert all(b"wrapped_key" in path.read_bytes() or b"message_ref" in path.read_bytes() for path in dumps)
    assert found([*dumps, *logs], words) == []
