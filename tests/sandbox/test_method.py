"""The table of parameters against the library's signatures."""

from __future__ import annotations

import inspect
import re

import pytest
from telegram import Bot

from bot.sandbox import Emulator
from bot.sandbox.method import METHODS, Method

# What the library adds for its callers' comfort and never sends under this name.
CONVENIENCES = {
    *("self", "api_kwargs", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout"),
    *("allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview", "filename"),
}


def snake(name: str) -> str:
    return {"logOut": "log_out"}.get(name, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_method_knows_the_parameters_of_the_library(method: Method) -> None:
    """The names are those of Bot.<method> in python-telegram-bot, no more and no fewer."""
    signature = inspect.signature(getattr(Bot, snake(method.name)))

    assert method.known == signature.parameters.keys() - CONVENIENCES


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_required_parameters_are_required_by_the_library_too(method: Method) -> None:
    """A parameter is required here when the library gives it no default."""
    signature = inspect.signature(getattr(Bot, snake(method.name)))
    required = {
        name
        for name, parameter in signature.parameters.items()
        if parameter.default is inspect.Parameter.empty and name != "self"
    }

    assert method.required == required


def test_every_method_of_the_table_is_answered() -> None:
    """No method is in the table without code behind it."""
    assert {*Emulator().answerers, "getupdates"} == METHODS.keys()


def test_an_objection_names_what_is_wrong() -> None:
    """The reason says which parameter is unknown or missing."""
    method = METHODS["sendmessage"]

    assert method.objection({"chat_id", "text"}) is None
    assert method.objection({"chat_id", "text", "colour"}) == "sendMessage has no parameter colour"
    assert method.objection({"text"}) == "sendMessage needs the parameter chat_id"
