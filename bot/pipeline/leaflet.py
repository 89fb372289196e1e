"""A flyer in words: what is printed of it, and the files it comes as. Pure; the drawing is for `press`, at delivery.

The words are the neutral ones: paper addresses nobody. Called by `speech` and, for the terminal, by `bot.app.flyer`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from bot.engine.flow import Phrase
from bot.i18n.render import Renderer
from bot.model.flyer import Order, Print, Sheet, Side
from bot.model.outgoing import SendFile
from bot.model.person import Language, Voice

# Names that tell nothing in a list of files.
NAMES: Final = {
    Sheet.A6: "page-a6.pdf",
    Sheet.A4: "page-a4.pdf",
    Sheet.SVG: "code.svg",
    Sheet.PNG: "code.png",
}


def content(order: Order, renderer: Renderer, *, phrases: Mapping[str, Phrase]) -> bytes:
    """What any sheet of it is drawn from."""
    typed = order.link.partition("?")[0].removeprefix("https://")
    sides = tuple(_side(language, renderer, phrases) for language in order.languages)
    return json.dumps(asdict(Print(link=order.link, typed=typed, sides=sides))).encode()


def files(order: Order, renderer: Renderer, *, voice: Voice, phrases: Mapping[str, Phrase]) -> list[SendFile]:
    """Every sheet, with words for whoever asked for them."""
    drawn_from = content(order, renderer, phrases=phrases)
    return [
        SendFile(
            name=name,
            content=drawn_from,
            caption=renderer.render(voice, phrases[f"sheet_{sheet}"]),
            sheet=sheet,
            instead=renderer.render(voice, phrases["flyer_not_drawn"]),
        )
        for sheet, name in NAMES.items()
    ]


def _side(language: Language, renderer: Renderer, phrases: Mapping[str, Phrase]) -> Side:
    title, who, options, scan, small = (
        renderer.label(Voice(language=language), phrases[f"flyer_{part}"])
        for part in ("title", "who", "options", "scan", "small")
    )
    rtl = language is Language.HEBREW
    return Side(title=title, body=(who, options), scan=scan, small=small, rtl=rtl)
