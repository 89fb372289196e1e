"""Reply markup: what Telegram accepts of it, and how it is stored.

Inline keyboards are checked button by button; the other kinds only by their shape. Pure; called by
``posting`` and ``editing``.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.refusal import bad_request
from bot.sandbox.words import words

ROW_LIMIT = 8
BUTTON_LIMIT = 100
DATA_LIMIT = 64
COPY_LIMIT = 256

Markup = dict[str, Any]

_ACTIONS = words(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
)
_BUTTON_FIELDS = _ACTIONS | {"text", "style", "icon_custom_emoji_id"}
_STYLES = frozenset({"danger", "success", "primary"})
_OTHER_KINDS = ("keyboard", "remove_keyboard", "force_reply")


def check_markup(markup: object) -> Markup | None:
    """The inline keyboard of a message, None when it has none; Refusal when Telegram would refuse it."""
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        if markup and not any(kind in markup for kind in _OTHER_KINDS):
            raise bad_request("can't parse reply keyboard markup JSON object")
        return None
    _check_rows(rows)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check_rows(rows: object) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if any(len(row) > ROW_LIMIT for row in rows) or sum(map(len, rows)) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)


def _check_button(button: object) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    unknown = sorted(button.keys() - _BUTTON_FIELDS)
    if unknown:
        raise bad_request(f"can't parse inline keyboard button: unknown field {', '.join(unknown)}")
    if len(_ACTIONS & button.keys()) != 1:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if "style" in button and button["style"] not in _STYLES:
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    _check_action(button)


def _check_action(button: dict[str, Any]) -> None:
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "copy_text" in button:
        copied = button["copy_text"]
        text = copied.get("text") if isinstance(copied, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= COPY_LIMIT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif "url" in button and "://" not in str(button["url"]):
        raise bad_request("BUTTON_URL_INVALID")
