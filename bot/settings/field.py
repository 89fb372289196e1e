"""Every setting: its name, its shape, what it is for and an example.

The variable is the field's name in capitals after `BOT_`. The descriptions are held against `.env.example` and
`docs/operations.md` by a test. Nothing here looks at two settings at once; `load` does.
"""

from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.model.card import ContentPolicy
from bot.model.expiry import LONGEST, USUAL
from bot.model.search import CLAIMS_A_DAY, Patience
from bot.settings.value import (
    ApiUrl,
    CaseTimes,
    DatabaseUrl,
    Listen,
    ListenAddress,
    MasterKey,
    ProxyUrl,
    PublicKey,
    Secret,
    SignalNumber,
    SignalRpc,
    Token,
    WebhookSecret,
    WebhookUrl,
    Zone,
    key_list,
)

PREFIX: Final = "BOT_"
PROJECT: Final = Path(__file__).parents[2]
KEY_EXAMPLE: Final = "<44 characters of base64>"  # never a usable key: somebody would use it


class Mode(StrEnum):
    """How updates come from Telegram."""

    POLLING = "polling"
    WEBHOOK = "webhook"


def _field(default: Any, about: str, example: str, **more: Any) -> Any:
    return Field(default, description=about, examples=[example], **more)


class Settings(BaseSettings):
    """All settings, checked. Made by `load` and `sandbox` only."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_token: Token | None = _field(None, "The bot's token, from @BotFather.", "123456789:AAE…")
    telegram_api_url: ApiUrl = _field(
        "https://api.telegram.org", "Another Bot API server: scheme, host and port.", "http://127.0.0.1:8081"
    )
    telegram_mode: Mode = _field(Mode.POLLING, "How updates come: polling or webhook.", "polling")
    telegram_proxy: ProxyUrl | None = _field(
        None, "An HTTP proxy to reach Telegram through.", "http://127.0.0.1:3128", repr=False
    )
    telegram_rate: PositiveFloat = _field(
        25.0, "Check-ins and notices a second at most; Telegram allows about 30.", "25", le=100_000
    )
    flood_factor: PositiveInt = _field(
        1, "How many times as high the thresholds of floods are.", "1", le=1_000_000
    )
    case_times: CaseTimes = _field(
        Patience(),
        "Minutes until a search asks everybody, the organizers, and tells its person; a need may have its own.",
        "15/60/180,urgent=2/5/10",
    )
    claims_a_day: PositiveInt = _field(
        CLAIMS_A_DAY, "How many people one volunteer can take on in a day.", "10", le=1000
    )
    webhook_url: WebhookUrl | None = _field(
        None, "Where Telegram posts updates (webhook mode).", "https://bot.example.org/telegram"
    )
    webhook_secret: WebhookSecret | None = _field(
        None, "What Telegram repeats in a header (webhook mode).", "a-long-random-word"
    )
    http_listen: ListenAddress = _field(
        Listen(host="127.0.0.1", port=8080),
        "Where webhook, /healthz and /metrics are served.",
        "127.0.0.1:8080",
    )
    signal_rpc: SignalRpc | None = _field(None, "signal-cli's JSON-RPC socket.", "tcp://127.0.0.1:7583")
    signal_account: SignalNumber | None = _field(None, "The bot's own number on Signal.", "+15550100")
    signal_name: str | None = _field(None, "The name people see of the bot on Signal.", "Stand by")
    signal_rate: PositiveFloat = _field(
        1.0, "Check-ins and notices a second at most on Signal, which names no limit.", "1", le=100_000
    )
    signal_polls: bool = _field(
        False, "Whether questions on Signal have a poll below them; signal-cli 0.13.23 or newer.", "true"
    )
    signal_timer: PositiveInt = _field(
        USUAL.days, "After how many days messages on Signal disappear: 1 to 28.", "7", le=LONGEST.days
    )
    signal_spool: Path = _field(
        Path("data/spool"), "Where what Signal brings waits, sealed, for the bot.", "data/spool"
    )
    signal_attachments: Path | None = _field(
        None, "Where signal-cli puts the files people send; the bot removes them.", "/run/signal-attachments"
    )
    database_url: DatabaseUrl = _field(
        "sqlite+aiosqlite:///data/bot.db", "The data.", "sqlite+aiosqlite:///data/bot.db", repr=False
    )
    keys_url: DatabaseUrl = _field(
        "sqlite+aiosqlite:///data/keys.db",
        "The key file: a second small database, backed up apart from the data.",
        "sqlite+aiosqlite:///data/keys.db",
        repr=False,
    )
    master_key: MasterKey | None = _field(None, "32 bytes in base64; new,old while rotating.", KEY_EXAMPLE)
    master_key_file: Path | None = _field(
        None, "A file with the master key instead, mode 0600.", "/run/bot/master.key"
    )
    letter_public_key: PublicKey | None = _field(
        None, "The letter keeper's public key, 32 bytes in base64.", KEY_EXAMPLE
    )
    flows_dir: Path = _field(PROJECT / "flows", "The conversations.", "flows")
    locales_dir: Path = _field(PROJECT / "locales", "The translations.", "locales")
    timezone: Zone = _field("Asia/Jerusalem", "The zone dates are shown in.", "Asia/Jerusalem")
    content_policy: ContentPolicy = _field(
        ContentPolicy.APPROVED, "Which cards are served: approved or draft.", "approved"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _field("INFO", "How much is logged.", "INFO")

    def master_keys(self) -> tuple[bytes, ...]:
        """The master keys, newest first; empty if none was given."""
        return key_list(self.master_key.get_secret_value()) if self.master_key else ()

    def secrets(self) -> tuple[str, ...]:
        """Every secret text in here, for the log to blank."""
        values = (getattr(self, name) for name in type(self).model_fields)
        given = [value.get_secret_value() for value in values if isinstance(value, Secret)]
        return tuple(part for text in given for part in {text, *text.split(",")})


def variable(field: str) -> str:
    """The environment variable of a field. Example: "timezone" gives "BOT_TIMEZONE"."""
    return PREFIX + field.upper()
