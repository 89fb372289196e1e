"""Voices and phrases that the tests of words share."""

from bot.engine.flow import Audience, Book, Choice, Flow, GlobalCommand, Move, Phrase, Route, Step, Tone
from bot.i18n.catalog import Catalogs, Table
from bot.i18n.render import Renderer
from bot.model.person import Form, Language, Voice

HEBREW = Voice(language=Language.HEBREW)
FEMININE = Voice(language=Language.HEBREW, form=Form.FEMININE)
ENGLISH = Voice(language=Language.ENGLISH)

HOME = Route(move=Move.HOME, flow="menu", step="home")


def phrase(text: str, context: str = "menu.home") -> Phrase:
    return Phrase(context=context, text=text)


def days(context: str = "menu.home") -> Phrase:
    return Phrase(context=context, text="{days} day", plural="{days} days", count="days")


def catalogs(neutral: Table | None = None, feminine: Table | None = None) -> Catalogs:
    tables: dict[Form, Table] = {form: {} for form in Form}
    return Catalogs({**tables, Form.NEUTRAL: neutral or {}, Form.FEMININE: feminine or {}})


def renderer(neutral: Table | None = None, feminine: Table | None = None) -> Renderer:
    return Renderer(catalogs(neutral, feminine))


def hebrew(english: str, hebrew: str) -> Renderer:
    """A renderer that knows one Hebrew sentence."""
    return renderer({("menu.home", english): (hebrew,)})


def book(*steps: Step, phrases: tuple[Phrase, ...] = (), commands: tuple[GlobalCommand, ...] = ()) -> Book:
    flow = Flow(
        name="menu",
        audience=Audience.PERSON,
        tone=Tone.INFORMATION,
        steps={step.id: step for step in steps},
    )
    return Book(
        flows={"menu": flow},
        commands={command.name: command for command in commands},
        phrases={phrase.context.removeprefix("system."): phrase for phrase in phrases},
    )


def step(id: str, *say: Phrase, choices: tuple[Choice, ...] = (), unclear: Phrase | None = None) -> Step:
    return Step(id=id, say=say, choices=choices, unclear=unclear, route=HOME)


def command(name: str, words: str, menu: str | None = None, safety: str | None = None) -> GlobalCommand:
    context = f"system.{name}"
    return GlobalCommand(
        name=name,
        words=phrase(words, context),
        route=HOME,
        menu=phrase(menu, context) if menu else None,
        safety=phrase(safety, context) if safety else None,
    )
