from datetime import date

from bot.engine.flow import Choice
from bot.i18n.command import Coded
from bot.i18n.distress import CrisisWords
from bot.i18n.match import Match
from bot.i18n.vocabulary import Vocabulary
from tests.i18n.voices import HOME, book, command, phrase, renderer

COURTESY = (phrase("thanks, 🙏", "system.thanks"), phrase("ok, all right", "system.assent"))
WORDS = renderer(
    {
        ("menu.home", "Go on"): ("להמשיך",),
        ("menu.home", "Agreed"): ("בסדר גמור",),
        ("system.menu", "menu"): ("תפריט",),
        ("system.thanks", "thanks, 🙏"): ("תודה, תודה רבה",),
        ("system.assent", "ok, all right"): ("בסדר",),
    }
)
BOOK = book(phrases=COURTESY, commands=(command("menu", "menu"),))
VOCABULARY = Vocabulary(BOOK, WORDS, CrisisWords(["die"]))
GO = Choice(id="go", label=phrase("Go on"), route=HOME)


def test_a_typed_message_is_asked_about_in_one_place() -> None:
    """Distress, commands, codes and days, in both languages."""
    assert (VOCABULARY.is_distress("I want to die"), VOCABULARY.is_distress("hello")) == (True, False)
    assert not VOCABULARY.is_urgent("I want to die")
    assert VOCABULARY.command("לתפריט", among={"menu"}) == "menu"
    assert VOCABULARY.command("לתפריט", among=()) is None
    assert VOCABULARY.command("hello", among={"menu"}) is None
    assert VOCABULARY.code("a1") == Coded(code="A", number=1)
    assert VOCABULARY.day("מחר", date(2026, 11, 23)) == date(2026, 11, 24)


def test_a_choice_is_meant_in_any_language() -> None:
    """The labels of the flow and of its translations count."""
    assert VOCABULARY.choice("להמשיך", [GO]) == Match(choice="go", exact=True)


def test_a_choice_that_is_closed_keeps_its_number() -> None:
    """The second of two choices is still number 2."""
    assert (VOCABULARY.choice("1", [None, GO]), VOCABULARY.choice("2", [None, GO])) == (
        None,
        Match(choice="go", exact=True),
    )


def test_a_label_is_meant_by_its_own_words_alone() -> None:
    """Neither by its number nor nearly."""
    assert [VOCABULARY.labelled(text, [GO]) for text in ("go on", "להמשיך", "1", "go", "to go on")] == [
        "go",
        "go",
        None,
        None,
        None,
    ]


def test_a_text_that_means_nothing_is_read_less_strictly() -> None:
    """With courtesy, in words, on another keyboard: never exact. So are words of distress."""
    near = Match(choice="go", exact=False)
    guesses = [VOCABULARY.guess(said, [GO]) for said in ("1 please", "אחת", "kvnahl", "thanks")]
    assert guesses == [near, near, near, None]
    assert VOCABULARY.guessed_command(",prhy", among={"menu"}) == "menu"
    assert VOCABULARY.guessed_command("menu, please", among={"menu"}) == "menu"
    assert VOCABULARY.guessed_command("thanks", among={"menu"}) is None
    assert VOCABULARY.is_distress("ן 'שמא אם גןק")


def test_courtesy_is_understood_in_both_languages() -> None:
    """Thanks anywhere, a plain "ok" only where it agrees to nothing."""
    said = ("Thanks!", "תודה רבה", "🙏", "ok", "בסדר, תודה", "thanks for nothing")
    assert [VOCABULARY.is_courtesy(text, may_agree=True) for text in said] == [True] * 3 + [False] * 3
    assert [VOCABULARY.is_courtesy(text, may_agree=False) for text in said] == [True] * 5 + [False]


def test_an_ok_may_be_meant_for_a_label() -> None:
    """For one that begins with a yes, or with a word like it, in any language."""
    labels = ("Yes, go on", "All right for now", "Agreed", "Go on", "Okra")
    choices = [Choice(id="one", label=phrase(label), route=HOME) for label in labels]
    assert [VOCABULARY.has_yes([GO, one]) for one in choices] == [True, True, True, False, False]
