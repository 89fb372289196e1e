"""Letters of support as files to print: pages where the font has all their letters, plain text for the others.

Pure; the drawing is for `press`, at delivery. The files name nobody but whoever signed. Called by `sharing`.
"""

import json
import unicodedata
from collections.abc import Mapping
from typing import Final

from bot.engine.flow import Phrase
from bot.i18n.render import Renderer
from bot.model.flyer import Sheet
from bot.model.outgoing import SendFile
from bot.model.person import Voice
from bot.model.support import is_drawn

RULE: Final = "\n\n----------\n\n"
RIGHT: Final = frozenset({"R", "AL"})


def files(
    brought: bytes, renderer: Renderer, *, voice: Voice, phrases: Mapping[str, Phrase]
) -> list[SendFile]:
    """The files, one or two."""
    letters = ["\n\n".join(filter(None, one)) for one in json.loads(brought)]
    drawn = [{"words": one, "rtl": _is_rtl(one)} for one in letters if is_drawn(one)]
    plain = [one for one in letters if not is_drawn(one)]
    found = []
    if drawn:
        found.append(
            SendFile(
                name="pages.pdf",
                content=json.dumps({"letters": drawn}).encode(),
                caption=renderer.render(voice, phrases["letters_drawn"]),
                sheet=Sheet.LETTERS,
                instead=renderer.render(voice, phrases["letters_not_drawn"]),
            )
        )
    if plain:
        content = RULE.join(plain).encode()
        caption = renderer.render(voice, phrases["letters_plain"])
        found.append(SendFile(name="pages.txt", content=content, caption=caption))
    return found


def _is_rtl(words: str) -> bool:
    """By the first letter that has a direction."""
    strong = (unicodedata.bidirectional(one) for one in words)
    return next((one in RIGHT for one in strong if one == "L" or one in RIGHT), False)
