"""What a step shows that an action has brought: the files of a flyer, something to pass on."""

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.engine.effect import Offer, Show
from bot.engine.flow import Shown
from bot.model.flyer import Order
from bot.model.limit import Limits
from bot.model.outgoing import SendFile, SendMessage
from bot.model.person import Language
from bot.pipeline.speech import Speech
from tests.pipeline.test_speech import LISTENER, choice, payloads, say
from tests.pipeline.works import Words

LINK: Final = "https://t.me/a_bot"
ORDER: Final = Order(link=f"{LINK}?start=f_k3f7x2ab", languages=(Language.ENGLISH,))


def test_the_sheets_of_a_flyer_are_files_to_be_drawn(words: Words) -> None:
    """Sensitive ones leave the chat later; they are drawn where they are sent."""
    listener = replace(LISTENER, attached=ORDER.written())
    said = Speech(words.library, words.renderer, listener).of((Show(shown=Shown.FLYER, sensitive=True),))

    assert [isinstance(one.payload, SendFile) and one.payload.sheet is not None for one in said] == [True] * 4
    assert {one.keep for one in said} == {"sensitive"}


def test_letters_of_support_are_a_file_that_leaves_the_chat(words: Words) -> None:
    """It is drawn where it is sent."""
    listener = replace(LISTENER, attached=b'[["Be well", ""]]')
    said = Speech(words.library, words.renderer, listener).of((Show(shown=Shown.LETTERS, sensitive=True),))

    assert [(isinstance(one.payload, SendFile), one.keep) for one in said] == [(True, "sensitive")]


@pytest.mark.parametrize("shown", [Shown.LETTERS, Shown.FLYER, Shown.SHARE, Shown.WORDS, Shown.MINE])
def test_what_nobody_brought_is_not_shown(words: Words, shown: Shown) -> None:
    """Nothing is said of it."""
    assert payloads(words, Show(shown=shown)) == []


def test_what_can_be_passed_on_has_a_button_for_that(words: Words) -> None:
    """It opens the app's own list of chats, with the words and the link; the answers stand below it."""
    listener = replace(LISTENER, attached=LINK.encode())
    offer = Offer(nonce="n0000001", choices=(choice("tea"),), own=1)
    (message,) = payloads(words, Show(shown=Shown.SHARE), offer, to=listener)

    assert isinstance(message, SendMessage)
    (button,), (answer,) = message.rows
    asked = urlsplit(button.url or "")
    assert (asked.netloc, asked.path) == ("t.me", "/share/url")
    given = {name: value for name, (value,) in parse_qs(asked.query).items()}
    assert given == {"url": LINK, "text": message.text.text.removesuffix(f"\n\n{LINK}")}
    assert answer.url is None


def test_without_buttons_the_link_is_in_the_words(words: Words) -> None:
    """Nothing is lost where nothing can be pressed."""
    listener = replace(LISTENER, attached=LINK.encode(), limits=Limits(text=2000))
    (message,) = payloads(words, say("Here."), Show(shown=Shown.SHARE), to=listener)[1:]

    assert isinstance(message, SendMessage)
    assert message.rows == ()
    assert message.text.text.endswith(LINK)
