"""A conversation at rest, as a value and as bytes."""

from bot.engine.event import Distress, Raised
from bot.engine.session import Frame, Session
from bot.store.codec import session_from_bytes, session_to_bytes
from tests.engine.talk import at


def test_the_last_frame_is_the_one_that_waits() -> None:
    """The others wait below it."""
    frames = (Frame(flow="menu", step="home"), Frame(flow="help", step="human"))

    assert Session(frames=frames).top == frames[1]
    assert Session().top is None


def test_a_session_is_the_same_after_a_journey_through_bytes() -> None:
    """Frames, answers, the screen, prompts and the expiry all come back."""
    talk = at("letter.name").types("דנה").hears(Distress())
    talk.hears(Raised(flow="offer", subject="case7", values={"pair": "kalanit"}))

    assert session_from_bytes(session_to_bytes(talk.session)) == talk.session
