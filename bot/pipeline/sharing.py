"""What a step shows that is to leave the chat again: files of a flyer, words to pass on. Called by `showing`."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote, urlencode

from bot.engine.effect import Show
from bot.engine.flow import Phrase, Shown
from bot.i18n.render import Renderer
from bot.model.flyer import Order
from bot.model.outgoing import Button
from bot.model.text import Rich
from bot.pipeline import enclosed, leaflet
from bot.pipeline.draft import Draft
from bot.pipeline.listener import Listener

SHARING: Final = "https://t.me/share/url"


def handed_on(
    effect: Show, to: Listener, *, renderer: Renderer, phrases: Mapping[str, Phrase]
) -> Iterator[Draft]:
    """The messages that show it, none where nothing was brought."""
    if to.attached is None:
        return
    if effect.shown is Shown.FLYER:
        order = Order.read(to.attached)
        for file in leaflet.files(order, renderer, voice=to.voice, phrases=phrases):
            yield Draft(parts=[], sensitive=effect.sensitive, file=file)
    elif effect.shown is Shown.LETTERS:
        for file in enclosed.files(to.attached, renderer, voice=to.voice, phrases=phrases):
            yield Draft(parts=[], sensitive=effect.sensitive, file=file)
    else:
        words = renderer.render(to.voice, phrases["share_words"])
        label = renderer.label(to.voice, phrases["share_button"])
        yield _to_share(to.attached.decode(), words, label=label)


def _to_share(link: str, words: Rich, *, label: str) -> Draft:
    """A button offers the words to whoever is chosen in the app: the bot hears of nobody."""
    url = f"{SHARING}?{urlencode({'url': link, 'text': words.text}, quote_via=quote)}"
    return Draft(parts=[words, Rich(link)], links=((Button(label=label, url=url),),))
