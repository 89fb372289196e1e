"""Stories of several people: who they are before it begins, whose turn each step is, and what each of them saw of it.

At the top of a story, `people` names them; the first is the one it is about. `{}` is somebody the bot has never met;
`{volunteer: {needs: [buddy], languages: [he]}}` is one on duty at all hours (`hours: never`: at none; `took: 9`: who
took so many cases already, within the last day), `{organizer: true}` one with a code (`code: true` types it),
`{wants: [protest:north]}` somebody who gets such notices (with `many: 12`, so many whom the story does not see),
`{signed: full}` one who stands under the letter `reserves`, in that form. `language` and `form` fix how the bot
speaks to somebody, whichever language the story is played in; `phone: signal` is somebody with Signal, whatever the
others have. A step says `by: name` where it is not the first one's.
`code_of: name`, `link_of: name` and `name_of: name` type the last one that the person of that name has been shown.
Under a name in brackets stands what that person saw new, and where they are; who saw nothing is not named.

On Signal the first of them has it, and the others stay on Telegram.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from bot.model.case import Need
from bot.model.consent import NOTICE, Consent, Method
from bot.model.hours import ALWAYS, NEVER
from bot.model.letter import Entry, PublicForm
from bot.model.person import Form, Language, Platform
from bot.model.volunteer import OFFERED, Standing
from bot.store import consents, people
from tests.happening import CHANCE, happening_of
from tests.letters import has_signed
from tests.signal_story import Seen, SignalPlayer, on_signal
from tests.stage import KEEPER, Stage
from tests.story import Player, Story
from tests.volunteer import agreed, enlisted, has_taken, welcomed

LETTER: Final = "reserves"
NAMES: Final = {PublicForm.FULL: "נועה כהן", PublicForm.INITIAL: "דנה ל׳"}
HOURS: Final = {"always": ALWAYS, "never": NEVER}


@dataclass(slots=True)
class Cast:
    """The people of a story, on a stage."""

    stage: Stage
    players: dict[str, Player | SignalPlayer] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def of(cls, story: Story, stage: Stage, language: str, *, platform: Platform) -> Self:
        """Everybody where they are when the story begins."""
        cast = cls(stage)
        for position, (name, about) in enumerate(story.people.items()):
            spoken = str(about.get("language", language))
            for _ in range(about.get("many", 1)):
                if about.get("phone") == "signal" or (position == 0 and platform is Platform.SIGNAL):
                    phone = await stage.somebody(spoken)
                    cast.players[name] = SignalPlayer(stage, phone, language)
                else:
                    person = stage.emulator.person(language_code=spoken)
                    cast.players[name] = Player(stage, person, language)
                await cast._prepare(name, about, Language(spoken))
            if "many" in about:
                del cast.players[name]
        await cast.first.counts()  # what was counted before it begins
        return cast

    async def _prepare(self, name: str, about: Mapping[str, Any], language: Language) -> None:
        """Whoever has a part in the team has it before the story begins; what they saw of that is not told."""
        player = self.players[name]
        if not {"volunteer", "organizer", "signed", "wants"} & set(about):
            return
        await player.happens_start("")
        await self.stage.settle()
        who = await self._id(player)
        form, now = Form(str(about.get("form", "n"))), self.stage.clock.now()
        await welcomed(self.stage.house.db, who, language=language, form=form, now=now)
        if "organizer" in about:
            for step in ({"invited": True}, {"code": True}):
                await player.happen(step)
        if wanted := about.get("volunteer"):
            await enlisted(
                self.stage.house.db,
                who,
                now=now,
                languages=[Language(one) for one in wanted.get("languages", ("he", "en"))],
                needs=[Need(one) for one in wanted.get("needs", sorted(OFFERED))],
                capacity=wanted.get("capacity", 3),
                hours=HOURS[wanted.get("hours", "always")],
                standing=Standing(wanted.get("standing", "full")),
            )
            await has_taken(self.stage.house.db, who, cases_taken=wanted.get("took", 0), now=now)
            text = self.stage.house.library.texts["conduct.text"]
            await agreed(self.stage.house.db, who, text=text, now=now)
        await self._want(who, [f"{NOTICE}{one}" for one in about.get("wants", ())])
        if "signed" in about:
            await self._sign(who, PublicForm(about["signed"]))
        player.news()
        self._places[name] = await player.here()

    async def _want(self, who: int, purposes: Sequence[str]) -> None:
        """Let somebody agree to notices, in the words that are asked now."""
        house, today = self.stage.house, self.stage.clock.now().date()
        texts = {one.purpose: one.text for one in house.library.consents}
        async with house.db.unit() as unit:
            for purpose in purposes:
                given = Consent(
                    purpose=purpose,
                    text=texts[purpose],
                    language=Language.HEBREW,
                    method=Method.BUTTON,
                    given_on=today,
                )
                await consents.give(unit, who, given=given)
            await unit.commit()

    async def _sign(self, who: int, form: PublicForm) -> None:
        """Let somebody stand under the letter, with a name of the story's."""
        house, letter = self.stage.house, self.stage.house.library.book.letters[LETTER]
        he = "" if form is PublicForm.COUNTED else NAMES[form]
        entry = Entry(id=f"{who:032x}", letter=letter.id, fingerprint=letter.fingerprint, form=form, he=he)
        shown = "letter.confirm_count" if form is PublicForm.COUNTED else "letter.confirm"
        await has_signed(
            house.db,
            who,
            letter=letter,
            entry=entry,
            text=house.library.texts[shown],
            keeper=KEEPER.public,
            now=self.stage.clock.now(),
        )

    async def _id(self, player: Player | SignalPlayer) -> int:
        async with self.stage.house.db.unit() as unit:  # never committed: looking makes nobody
            today, routing_id = self.stage.clock.now().date(), str(player.routing_id)
            return (await people.resolve(unit, player.platform, [routing_id], today=today))[routing_id]

    @property
    def first(self) -> Player | SignalPlayer:
        """Whom the story is about."""
        return next(iter(self.players.values()))

    async def play(self, step: Mapping[str, Any]) -> dict[str, str]:
        """Let one step happen; what each person saw of it, and under no name what was counted."""
        actor = self.players[step["by"]] if "by" in step else self.first
        await actor.happen(self._overheard(step))
        seen = {}
        for name, player in self.players.items():
            news, place = player.news(), await player.here()
            if news or player is actor or place != self._places.get(name, place):
                seen[name] = "\n".join([*news, place])
            self._places[name] = place
        if counted := await self.first.counts():
            seen[""] = "\n".join(counted)
        return seen

    def _overheard(self, step: Mapping[str, Any]) -> Mapping[str, Any]:
        """The step, with what somebody else was shown in the place of their name."""
        name, value = happening_of(step)
        kind = name.removesuffix("_of")
        if kind == name or kind not in CHANCE:
            return step
        player = self.players[value]
        shown = player.person.replies if isinstance(player, SignalPlayer) else player.person.history
        found = [word for one in shown for word in CHANCE[kind].findall(one.text)][-1]
        return {"start" if kind == "link" else "say": found}

    async def seen_on_signal(self, step: Mapping[str, Any]) -> Seen:
        """Let one step happen; what the first person, who has Signal, saw of it."""
        seen = await self.play(step)
        assert isinstance(self.first, SignalPlayer)
        lines = seen.get(next(iter(self.players)), await self.first.here()).splitlines()
        counted = seen.get("", "").splitlines()
        return on_signal("\n".join([*lines[:-1], *counted, lines[-1]]), hints=self.first.hints())


def told(seen: Mapping[str, str]) -> str:
    """What came of a step as it stands in the file of a story."""
    return "".join(f"({name})\n{words}\n" if name else f"{words}\n" for name, words in seen.items())


def about_first(golden: Sequence[str], name: str) -> list[str]:
    """Of what a story of several people shows, what its first person saw, as a story of one tells it."""
    found, place = [], "= at rest"
    for step in golden:
        lines, counted = _of(step, name), [line for line in step.splitlines() if line.startswith("+ ")]
        place = lines[-1] if lines else place
        found.append("\n".join([*lines[:-1], *counted, place]) + "\n")
    return found


def _of(step: str, name: str) -> list[str]:
    """The lines under a name in brackets."""
    lines, is_theirs = [], False
    for line in step.splitlines():
        if line.startswith(("(", "+ ")):
            is_theirs = line == f"({name})"
        elif is_theirs:
            lines.append(line)
    return lines


def is_firsts(story: Story, step: Mapping[str, Any]) -> bool:
    """Whether a step is the first person's own."""
    first = next(iter(story.people))
    return bool(step.get("by", first) == first)
