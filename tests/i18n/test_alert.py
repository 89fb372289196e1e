"""The alerts as they stand on a locked screen: the same words, the same length, whatever is needed."""

from pathlib import Path
from typing import Final

import pytest

from bot.engine.parse import read_book
from bot.i18n.catalog import Catalogs
from bot.i18n.render import NOTHING, Renderer
from bot.model.case import Need
from bot.model.person import Form, Language, Voice

ROOT: Final = Path(__file__).parents[2]
BOOK: Final = read_book(ROOT / "flows")
RENDERER: Final = Renderer(Catalogs.load(ROOT / "locales"), phrases=BOOK.phrases)
VOICES: Final = (
    *(Voice(language=Language.HEBREW, form=form) for form in Form),
    Voice(language=Language.ENGLISH),
)


def alerts(flow: str, voice: Voice) -> list[str]:
    """The alert of every need in every language of whoever asks."""
    (said,) = BOOK.flows[flow].steps["ask"].say
    values = ({"need": need.value, "language": one.value} for need in Need for one in Language)
    return [RENDERER.label(voice, said, given) for given in values]


@pytest.mark.parametrize("flow", ["offer", "page"])
@pytest.mark.parametrize("voice", VOICES)
def test_every_alert_is_as_long_as_every_other(flow: str, voice: Voice) -> None:
    """In letters and in bytes on their way, so that its length says nothing."""
    found = alerts(flow, voice)

    assert len(set(found)) == len(Need) * len(Language)
    assert len({len(text) for text in found}) == 1


def test_the_alerts_read_so() -> None:
    """Golden: what stands on the screens of volunteers and organizers."""
    english, hebrew = Voice(language=Language.ENGLISH), Voice(language=Language.HEBREW)
    seen = {
        flow: [_seen(alerts(flow, voice)[0]) for voice in (english, hebrew)] for flow in ("offer", "page")
    }

    assert seen == {
        "offer": [
            "Somebody is looking for somebody to talk to. Language: Hebrew. Is it possible for you now?",
            "מחפשים כאן אדם לדבר איתו. השפה: עברית. האם זה מתאים לך עכשיו?",
        ],
        "page": [
            (
                "Somebody is waiting for a person. What for: somebody to talk to. Language: Hebrew. "
                "Can you take it, or ask everybody once more?"
            ),
            "יש מי שממתין כאן לאדם. הבקשה: אדם לדבר איתו. השפה: עברית. האם זה מתאים לך, או לשאול שוב את כולם?",
        ],
    }


def _seen(text: str) -> str:
    """Without what nobody sees."""
    return "".join(
        letter for letter in text if letter not in f"{NOTHING}\u2066\u2067\u2068\u2069\u200e\u200f"
    )
