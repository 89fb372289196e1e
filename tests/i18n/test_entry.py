from bot.engine.flow import Choice, Phrase
from bot.i18n.entry import Entry, entries
from tests.i18n.voices import HOME, book, command, phrase, step


def test_every_text_of_a_book_is_listed_in_the_order_of_the_flows() -> None:
    """What is said, the buttons, the own "unclear"; then the machinery's phrases and commands."""
    go = Choice(id="go", label=phrase("Go"), route=HOME)
    listed = entries(
        book(
            step("home", phrase("Hello"), choices=(go,), unclear=phrase("What?")),
            step("next", phrase("Bye", "menu.next")),
            phrases=(phrase("Lost.", "system.lost"), phrase("thanks", "system.thanks")),
            commands=(command("menu", "menu, start", menu="Menu", safety="Back"), command("stop", "stop")),
        )
    )
    assert [(entry.phrase.text, *entry.comments) for entry in listed] == [
        ("Hello", "flows/menu.yaml: home, say"),
        ("Go", "flows/menu.yaml: home, button go"),
        ("What?", "flows/menu.yaml: home, unclear"),
        ("Bye", "flows/menu.yaml: next, say"),
        ("Lost.", "flows/system.yaml: phrase lost"),
        ("thanks", "flows/system.yaml: phrase thanks, typed words, parted by commas"),
        ("menu, start", "flows/system.yaml: command menu, typed words, parted by commas"),
        ("Menu", "flows/system.yaml: command menu, line of the menu"),
        ("Back", "flows/system.yaml: command menu, button of the safety row"),
        ("stop", "flows/system.yaml: command stop, typed words, parted by commas"),
    ]


def test_a_text_that_stands_twice_in_a_step_is_listed_once() -> None:
    """One message with every place it stands in; the same place is named once."""
    go = Choice(id="go", label=phrase("Hello"), route=HOME)
    assert entries(book(step("home", phrase("Hello"), phrase("Hello"), choices=(go,)))) == (
        Entry(
            phrase=Phrase(context="menu.home", text="Hello"),
            comments=("flows/menu.yaml: home, say", "flows/menu.yaml: home, button go"),
        ),
    )
