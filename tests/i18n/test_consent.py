"""The words of a consent, found in the flows and named in all languages at once."""

from collections.abc import Mapping

from bot.engine.flow import Audience, Book, Choice, Do, Flow, Move, Phrase, Route, Step, Tone
from bot.engine.parse.topic import topic_phrases
from bot.i18n.catalog import Catalogs
from bot.i18n.consent import consent_texts
from bot.model.person import Form
from bot.model.topic import Topic, Topics

GO = Route(move=Move.GO, flow="case", step="agreed")
ASK = "Would you like that?"
DAYS = Phrase(context="case.ask", text="For {days} day.", plural="For {days} days.", count="days")


def book(say: str = ASK, *, shown: str = "case.ask", label: str = "Yes") -> Book:
    """A flow that asks, and writes down the answer."""
    choice = Choice(id="yes", label=Phrase(context="case.ask", text=label), route=GO)
    give = Do(action="consent.give", inputs={"purpose": "buddy", "shown": shown}, outcomes={})
    steps = {
        "ask": Step(id="ask", say=(Phrase(context="case.ask", text=say), DAYS), choices=(choice,)),
        "agreed": Step(id="agreed", do=give),
        "other": Step(id="other", do=Do(action="consent.check", inputs={}, outcomes={})),
    }
    flow = Flow(name="case", audience=Audience.PERSON, tone=Tone.INFORMATION, steps=steps)
    return Book(flows={"case": flow}, commands={}, phrases={})


def found(one: Book, hebrew: Mapping[str, str] | None = None, form: Form = Form.NEUTRAL) -> str:
    """The hash of its words."""
    table = {("case.ask", text): (words,) for text, words in (hebrew or {}).items()}
    tables = {each: table if each is form else {} for each in Form}
    (text,) = consent_texts(one, Catalogs(tables))
    assert (text.purpose, text.shown) == ("buddy", "case.ask")
    return text.text


def test_he_and_en_have_one_version() -> None:
    """The words of every language and form, and of the button, are under one hash: any change of any is a new one."""
    same = found(book())
    others = [
        found(book("Would you like this?")),
        found(book(label="Yes please")),
        found(book(), {ASK: "זה מתאים?"}),
        found(book(), {ASK: "זה מתאים?"}, Form.FEMININE),
    ]

    assert found(book()) == same
    assert len({same, *others}) == 5


def test_words_that_are_not_there_are_nobodys() -> None:
    """The linter says so; nobody can agree to them."""
    assert consent_texts(book(shown="case.gone"), Catalogs({form: {} for form in Form})) == ()


def notices(*, about: str = "Now and then.", area: str = "The north", label: str = "Yes") -> dict[str, str]:
    """The hash of what is asked about each topic, by its purpose."""
    give = Do(action="topic.give", inputs={"shown": "case.ask"}, outcomes={})
    gone = Do(action="topic.undo", inputs={"shown": "case.gone"}, outcomes={})
    choice = Choice(id="yes", label=Phrase(context="case.ask", text=label), route=GO)
    steps = {
        "ask": Step(id="ask", say=(Phrase(context="case.ask", text="{what:word}?"),), choices=(choice,)),
        "agreed": Step(id="agreed", do=give),
        "back": Step(id="back", do=gone),
    }
    flow = Flow(name="case", audience=Audience.PERSON, tone=Tone.INFORMATION, steps=steps)
    topics = Topics(
        topics={
            "news": Topic(id="news", label="News", about="Now and then."),
            "protest": Topic(id="protest", label="Protests", about=about, areas=("north", "south")),
        },
        areas={"north": area, "south": "The south"},
    )
    book = Book(flows={"case": flow}, commands={}, phrases=topic_phrases(topics), topics=topics)
    found = consent_texts(book, Catalogs({form: {} for form in Form}))
    assert all(one.shown == f"case.ask/{one.purpose}" for one in found)
    return {one.purpose: one.text for one in found}


def test_each_topic_and_area_has_words_of_its_own() -> None:
    """One question asks about all of them, with the words of one in it; only a change of those ends its consents."""
    same, about, area = notices(), notices(about="Often."), notices(area="Haifa and the north")

    assert list(same) == ["notice:news", "notice:protest:north", "notice:protest:south"]
    assert len(set(same.values())) == 3
    assert {of for of in same if about[of] != same[of]} == {"notice:protest:north", "notice:protest:south"}
    assert {of for of in same if area[of] != same[of]} == {"notice:protest:north"}
    assert not set(notices(label="Yes please").values()) & set(same.values())
