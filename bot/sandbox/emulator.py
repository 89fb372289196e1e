"""The emulator as tests and ``control`` use it: one object over the world, its faults and its log.

``running`` in ``server`` starts one with its port. Python calls act at once and need no HTTP.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from bot.sandbox.chat import Wire
from bot.sandbox.decode import Params
from bot.sandbox.editing import Editing
from bot.sandbox.fault import Faults
from bot.sandbox.journal import Call, Journal, Violation
from bot.sandbox.person import Person
from bot.sandbox.posting import Posting
from bot.sandbox.profile import Profile
from bot.sandbox.receiving import Receiving
from bot.sandbox.refusal import NotSeen
from bot.sandbox.signal import Daemon, Network
from bot.sandbox.world import Clock, World

TOKEN = "42:sandbox-token"
FIRST_PERSON = 1001

Answerer = Callable[[Params], Any]


class Emulator:
    """One emulated bot, the people around it, and what goes wrong between them.

    ``now`` replaces the wall clock (Unix seconds); ``open_doors`` lets the bot write to anybody; people without an id
    get the next one from ``first_person``.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = "sandbox_bot",
        now: Callable[[], float] = time.time,
        open_doors: bool = False,
        first_person: int = FIRST_PERSON,
    ) -> None:
        self._first_person = first_person
        self.clock = Clock(now)
        self.world = World(token=token, clock=self.clock, username=username, open_doors=open_doors)
        self.faults = Faults()
        self.journal = Journal()
        self.posting = Posting(self.world)
        self.editing = Editing(self.world)
        self.profile = Profile(self.world)
        self.receiving = Receiving(self.world)
        self.signal = Network(self.clock.now)
        self.daemon = Daemon(self.signal)
        self.url = ""
        self.answerers: dict[str, Answerer] = _answerers(self)

    @property
    def token(self) -> str:
        """The only token that is let in."""
        return self.world.token

    @property
    def violations(self) -> list[Violation]:
        """Calls with parameters that no Bot API knows, or without required ones."""
        return self.journal.violations

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed yet."""
        return len(self.world.updates)

    @property
    def people(self) -> list[Person]:
        """Everybody, in the order they appeared."""
        return [Person(self.world, user_id) for user_id in self.world.users]

    def person(
        self,
        user_id: int | None = None,
        *,
        first_name: str = "Noa",
        language_code: str | None = "he",
        started: bool = False,
    ) -> Person:
        """The person with this id, made when new (a free id when none is given).

        ``started`` means that they pressed Start at some earlier time, so the bot may write to them.
        """
        if user_id is None:
            user_id = max(self.world.users, default=self._first_person - 1) + 1
        if user_id not in self.world.users:
            self.world.add_user(user_id, first_name=first_name, language_code=language_code, started=started)
        return Person(self.world, user_id)

    def inject(self, update: Wire) -> int:
        """Queue a raw update as it is, whatever ``allowed_updates`` says; its ``update_id``."""
        return self.world.updates.add_raw(update)

    def advance(self, seconds: float) -> None:
        """Move the emulator's clock forward: updates expire, messages grow old."""
        self.clock.offset += seconds

    def go_down(self) -> None:
        """Reset every Bot API connection, waiting polls too, until ``come_up``."""
        self.faults.down = True
        self.world.updates.release_poller()

    def come_up(self) -> None:
        """Answer again."""
        self.faults.down = False

    def enforce_limits(self, on: bool = True) -> None:
        """Answer 429 to a bot that sends faster than Telegram allows."""
        self.world.flood.enforced = on

    def calls(self, method: str | None = None, *, chat_id: int | None = None) -> list[Call]:
        """The bot's calls in order, of one method (``sendMessage``) and chat where given."""
        return self.journal.of(method, chat_id=chat_id)

    async def wait_until(self, condition: Callable[[], bool], *, timeout: float = 5.0) -> None:
        """Return when the condition holds; looks every 5 ms, raises NotSeen after ``timeout`` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():  # noqa: ASYNC110 - any condition, so there is no event to wait for
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise NotSeen(f"condition does not hold after {timeout} s") from None


def _answerers(emulator: Emulator) -> dict[str, Answerer]:
    """Lower-case method names to what answers them; getUpdates waits and is called by ``api`` itself."""
    posting, editing = emulator.posting, emulator.editing
    profile, receiving = emulator.profile, emulator.receiving
    return {
        "sendmessage": posting.send_message,
        "sendphoto": posting.send_photo,
        "sendvoice": posting.send_voice,
        "senddocument": posting.send_document,
        "editmessagetext": editing.edit_message_text,
        "editmessagecaption": editing.edit_message_caption,
        "editmessagereplymarkup": editing.edit_message_reply_markup,
        "deletemessage": editing.delete_message,
        "deletemessages": editing.delete_messages,
        "setmessagereaction": editing.set_message_reaction,
        "answercallbackquery": editing.answer_callback_query,
        "getme": profile.get_me,
        "setmycommands": profile.set_my_commands,
        "getmycommands": profile.get_my_commands,
        "deletemycommands": profile.delete_my_commands,
        "setmydescription": profile.set_my_description,
        "getmydescription": profile.get_my_description,
        "setmyshortdescription": profile.set_my_short_description,
        "getmyshortdescription": profile.get_my_short_description,
        "setmyname": profile.set_my_name,
        "getmyname": profile.get_my_name,
        "sendchataction": profile.send_chat_action,
        "getchat": profile.get_chat,
        "leavechat": profile.leave_chat,
        "getfile": profile.get_file,
        "logout": profile.end_session,
        "close": profile.end_session,
        "setwebhook": receiving.set_webhook,
        "deletewebhook": receiving.delete_webhook,
        "getwebhookinfo": receiving.get_webhook_info,
    }
