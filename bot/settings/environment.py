"""Settings as the environment of another process: what `load` reads there is what was settled here."""

import base64
import os
from datetime import timedelta
from typing import Any

from bot.model.search import Patience, Times
from bot.settings.field import PREFIX, Settings, variable
from bot.settings.value import Listen, Secret


def environment(settings: Settings) -> dict[str, str]:
    """Everything this process was given, with every setting spelled out.

    A master key that came from a file is named by that file.
    """
    outside = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    given = {variable(name): getattr(settings, name) for name in Settings.model_fields}
    if settings.master_key_file:
        del given[variable("master_key")]
    return outside | {name: _text(value) for name, value in given.items() if value is not None}


def _text(value: Any) -> str:
    """One setting as it is written in an environment."""
    match value:
        case Secret():
            return value.get_secret_value()
        case Listen():
            host = f"[{value.host}]" if ":" in value.host else value.host
            return f"{host}:{value.port}"
        case bytes():
            return base64.b64encode(value).decode()
        case Patience():
            special = (f",{need}={_minutes(times)}" for need, times in value.special.items())
            return _minutes(value.usual) + "".join(special)
        case _:
            return str(value)


def _minutes(times: Times) -> str:
    spans = (times.everybody, times.organizers, times.told)
    return "/".join(str(span // timedelta(minutes=1)) for span in spans)
