"""What words say to a notice: the code of an answer, or its words beside a quote. Looked up, for no session knows it.

Calls for help, commands and the codes of prompts come first, and are not looked at here. What names no notice that its
writer got is what `understand` says. Called by `turn`.
"""

from dataclasses import dataclass

from bot.engine.event import Event, PromptPressed, Raised, Spoken, Typed
from bot.engine.flow import Choice
from bot.engine.need import NOTICE_WORD
from bot.i18n.command import Coded
from bot.i18n.vocabulary import Vocabulary
from bot.model.incoming import Happening, Text
from bot.model.notice_code import shown_in
from bot.model.person import Role
from bot.pipeline.announce import is_offered, numbered
from bot.pipeline.pointed import CLOSED
from bot.pipeline.standing import Standing
from bot.pipeline.understand import understand
from bot.store import notice_answers, notices
from bot.store.people import Known
from bot.store.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Finds the notice that somebody's words are about. Of words, `understand` raises nothing but what is about one."""

    standing: Standing
    vocabulary: Vocabulary
    known: Known

    async def meaning(self, unit: Unit, happening: Happening) -> Event | None:
        """What `happening` means where its person stands; an answer to a notice, if it is one."""
        event = understand(happening, self.standing, vocabulary=self.vocabulary)
        if not isinstance(happening, Text):
            return event
        match event:
            case Raised(subject=subject):
                return await self._quoting(unit, int(subject), happening.text) or event
            case Spoken():
                return await self._by_code(unit, happening) or event
            case Typed():
                return await self._by_code(unit, happening) or await self._about(unit, happening, event)
            case _:
                return event

    async def _by_code(self, unit: Unit, text: Text) -> Event | None:
        """A code is an answer wherever its writer is; beside a quote its number is enough, and so are its words."""
        if coded := self.vocabulary.code(text.text):
            return await self._numbered(unit, coded)
        quoted = shown_in(text.quoted or "")
        if quoted and (number := self.vocabulary.code(quoted + text.text)):
            return await self._numbered(unit, number)
        notice_id = await self._find(unit, quoted) if quoted else None
        return await self._quoting(unit, notice_id, text.text) if notice_id else None

    async def _about(self, unit: Unit, text: Text, event: Typed) -> Event:
        """Words beside the quote of a notice that are no answer to it, nor to anything else."""
        quoted = shown_in(text.quoted or "")
        if quoted is None:
            return event
        if notice_id := await self._find(unit, quoted):
            return Raised(flow=NOTICE_WORD, subject=str(notice_id))
        return CLOSED if event.choice else event

    async def _find(self, unit: Unit, code: str) -> int | None:
        in_team = Role.ORGANIZER in self.known.roles
        return await notice_answers.coded(unit, code, self.known.person.id, in_team=in_team)

    async def _numbered(self, unit: Unit, coded: Coded) -> Event | None:
        """The answer of that number, if it stands under a notice of that code."""
        notice_id = await self._find(unit, coded.code)
        if notice_id is None:
            return None
        for number, choice in await self._offered(unit, notice_id):
            if number == coded.number:
                return PromptPressed(id=str(notice_id), choice=choice.id, notice=True)
        return None

    async def _quoting(self, unit: Unit, notice_id: int, words: str) -> Event | None:
        """The answer whose words these are, nearly at least: all of them can be changed."""
        offered = [choice for _, choice in await self._offered(unit, notice_id)]
        meant = self.vocabulary.worded(words, offered)
        return PromptPressed(id=str(notice_id), choice=meant, notice=True) if meant else None

    async def _offered(self, unit: Unit, notice_id: int) -> list[tuple[int, Choice]]:
        """What stood under it; where its words are wiped, all there can be."""
        content = await notices.content_of(unit, notice_id)
        found = numbered(self.standing.book)
        return [one for one in found if content is None or is_offered(one[1], content)]
