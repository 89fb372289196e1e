"""The letter keeper's work, on a machine of their own: a key pair, and a bundle opened into files. No database, no net.

A private key and opened names are written for their owner alone, and nothing is ever overwritten. What is told at the
terminal are numbers and hashes, never a name. Called by `bot.cli.letter`; docs/letter.md is for the keeper.
"""

import base64
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.app.printed import Counts, correction, files
from bot.app.review import SHORTEST_PASSPHRASE, WeakPassphrase
from bot.engine.parse import read_book
from bot.i18n.catalog import Catalogs
from bot.i18n.render import Renderer
from bot.model.bundle import bundle_hash, unpack
from bot.model.exit import Exit, ExpectedError
from bot.model.letter import Entry
from bot.model.person import Language, Voice
from bot.model.roll import Removed, Roll, removed, roll
from bot.settings import keyfile
from bot.store.sealing import LOCKED, KeeperKey, NotForThisKey

COUNTED: Final = "letter_counted"
ELSEWHERE: Final = "letter_elsewhere"
SIGNATURES: Final = "letter_signatures"


class NoKeeperKey(ExpectedError):
    """This file does not open as a letter keeper's key."""

    advice = (
        "See that it is the file `bot letter keys` wrote, and that only its owner can read it: chmod 600."
    )


class NoBundle(ExpectedError):
    """The bundle can't be read."""

    status = Exit.USAGE
    advice = "See that the file is there."


class OtherBundle(ExpectedError):
    """This is not the bundle that was approved: its hash is another."""

    advice = "Compare the hash with the one the organizers approved. Nothing was written."


class OtherLetter(ExpectedError):
    """The earlier bundle is one of another letter."""

    advice = "Give the bundle of this letter's last publication with --before. Nothing was written."


class FolderExists(ExpectedError):
    """There is something with that name already, and a list must never be overwritten."""

    advice = "Choose another folder with --out, or move the old one away yourself."


class NotWritten(ExpectedError):
    """The files can't be written there."""

    advice = "See that the folder is yours to write in, and that the disk is not full."


def make_keys(out: Path, *, passphrase: str = "") -> str:
    """A new key pair: the private half in a new file, mode 0600, the public half as it goes into the setting.

    Without a passphrase the file is the key. Raises WeakPassphrase, KeyFileExists, NotWritten.
    """
    if passphrase and len(passphrase) < SHORTEST_PASSPHRASE:
        raise WeakPassphrase
    key = KeeperKey.fresh()
    try:
        keyfile.write(out, key.text(passphrase))
    except OSError:
        raise NotWritten from None
    return base64.b64encode(key.public).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A bundle that was opened whole: its list, and the hash to compare."""

    roll: Roll
    digest: str
    removed: Removed | None = None  # since an earlier bundle, if one was given

    def told(self) -> list[str]:
        """What it is, in numbers."""
        letter, counted, left_out = self.roll.letter, self.roll.counted, self.roll.left_out
        off = self.removed
        since = [f"to take off: {len(off.lines)} lines, {off.counted} of the counted"] if off else []
        numbers = f"{self.roll.signatures} signatures, {len(self.roll.named)} with a name"
        return [
            f"letter: `{letter.id}`, version {letter.version}",
            f"signed: {numbers}, {counted} counted without one; {left_out} withdrawn and left out",
            *since,
            f"bundle: {self.digest}",
        ]


def open_bundle(bundle: Path, *, keys: Sequence[Path], approved: str, ask: Callable[[], str]) -> Opened:
    """Open every entry of a bundle with one of `keys`.

    `approved` is the hash that organizers approved, "" if nobody compares it; `ask` gets a passphrase where a key has
    one. Raises NoKeeperKey, NoBundle, OtherBundle, BundleDamaged, BundleUnknown, EntriesRefused.
    """
    data = _read(bundle)
    content, digest = unpack(data), bundle_hash(data)
    if approved and approved.strip().lower() != digest:
        raise OtherBundle
    private = [_key(path, ask) for path in keys]
    entries = [_opened(sealed, private) for sealed in content.sealed]
    return Opened(roll=roll(content.letter, entries, withdrawn=content.withdrawn), digest=digest)


def compared(opened: Opened, before: Opened) -> Opened:
    """With what has to come off a list that was made of an earlier bundle. Raises OtherLetter."""
    if before.roll.letter.id != opened.roll.letter.id:
        raise OtherLetter
    return replace(opened, removed=removed(before.roll, opened.roll))


def write_list(opened: Opened, *, out: Path | None, counts: Counts) -> list[str]:
    """Write the list into a folder that is not there yet; what was done, in lines. Raises FolderExists, NotWritten."""
    letter = opened.roll.letter
    folder = out or Path(f"{letter.id}-{letter.version}")
    off = correction(opened.roll, opened.removed) if opened.removed else {}
    return [*opened.told(), *_write(folder, files(opened.roll, counts) | off)]


def _key(path: Path, ask: Callable[[], str]) -> KeeperKey:
    try:
        text = keyfile.read(path)
        return KeeperKey.of(text, ask() if text.startswith(LOCKED) else "")
    except ValueError:
        raise NoKeeperKey from None


def _read(bundle: Path) -> bytes:
    try:
        return bundle.read_bytes()
    except OSError:
        raise NoBundle from None


def _opened(sealed: bytes, keys: Sequence[KeeperKey]) -> Entry | None:
    """The entry by whichever key opens it: after a change of keys, a bundle may need two."""
    for key in keys:
        try:
            return key.opened(sealed)
        except NotForThisKey:
            continue
    return None


def _write(folder: Path, contents: Mapping[str, str]) -> list[str]:
    """Every file into a new folder, both for their owner alone."""
    try:
        folder.mkdir(mode=0o700)
        for name, text in contents.items():
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
    except FileExistsError:
        raise FolderExists from None
    except OSError:
        raise NotWritten from None
    return [f"written: {folder / name}" for name in contents]


def counts_of(flows_dir: Path, locales_dir: Path) -> Counts:
    """The lines of numbers below a list, in the words of the flows. Raises FlowsRefused, CatalogMissing."""
    phrases = read_book(flows_dir).phrases
    renderer = Renderer(Catalogs.load(locales_dir), phrases=phrases)

    def counts(listed: Roll, language: Language) -> tuple[str, ...]:
        numbers = {
            ELSEWHERE: listed.elsewhere(language),
            COUNTED: listed.counted,
            SIGNATURES: listed.signatures,
        }
        voice = Voice(language=language)
        return tuple(
            renderer.label(voice, phrases[name], {"count": str(number)})
            for name, number in numbers.items()
            if number or name == SIGNATURES
        )

    return counts
