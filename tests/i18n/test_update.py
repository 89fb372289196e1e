from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.engine.flow import Phrase
from bot.i18n.catalog import key_of, messages_of, strings_of
from bot.i18n.entry import Entry, entries
from bot.i18n.update import template, updated
from tests.i18n.voices import book, days, phrase, step


def listed(*phrases: Phrase) -> tuple[Entry, ...]:
    return entries(book(*(step(said.context.removeprefix("menu."), said) for said in phrases)))


def he(old: bytes, *phrases: Phrase, drop: bool = False) -> bytes:
    return updated(read_po(BytesIO(old)), listed(*phrases), locale="he", drop=drop)


def filled(*phrases: Phrase, **strings: str) -> bytes:
    """A Hebrew catalog of the phrases; `hello="שלום"` translates the one whose first word is "Hello"."""
    text = he(template(()), *phrases).decode()
    for word, string in strings.items():
        head, _, tail = text.partition(f'msgid "{word.capitalize()}')
        text = head + f'msgid "{word.capitalize()}' + tail.replace('msgstr ""', f'msgstr "{string}"', 1)
    return text.encode()


def read(po: bytes) -> dict[tuple[str, str], tuple[tuple[str, ...], bool]]:
    catalog = read_po(BytesIO(po))
    return {key_of(message): (strings_of(message), message.fuzzy) for message in messages_of(catalog)}


def obsolete(po: bytes) -> list[tuple[str, str]]:
    return [key_of(message) for message in read_po(BytesIO(po)).obsolete.values()]


def test_the_template_lists_every_message() -> None:
    """Context, place, flag and three plural forms; no date, no line number."""
    assert template(listed(phrase("Hello {name}, 50% off"), days())).decode().partition("\n\n")[2] == (
        "#. flows/menu.yaml: home, say\n"
        "#, python-brace-format\n"
        'msgctxt "menu.home"\n'
        'msgid "{days} day"\n'
        'msgid_plural "{days} days"\n'
        'msgstr[0] ""\n'
        'msgstr[1] ""\n'
        'msgstr[2] ""\n'
    )


def test_a_percent_sign_is_no_format() -> None:
    """Babel would take "50% off" for Python's old format."""
    assert b"python-format" not in template(listed(phrase("Hello, 50% off")))


def test_an_update_of_what_is_up_to_date_changes_nothing() -> None:
    """The tool is stable, also from nothing."""
    once = updated(Catalog(), listed(phrase("Hello"), days("menu.more")), locale="he@f")
    assert updated(read_po(BytesIO(once)), listed(phrase("Hello"), days("menu.more")), locale="he@f") == once
    assert b'"Language: he@f\\n"' in once


def test_a_translation_stays_with_its_message() -> None:
    """Nothing that is translated is touched when other messages come."""
    po = he(filled(phrase("Hello"), hello="שלום"), phrase("Hello"), phrase("Bye", "menu.next"))
    assert read(po) == {
        ("menu.home", "Hello"): (("שלום",), False),
        ("menu.next", "Bye"): (("",), False),
    }


def test_a_translation_moves_with_its_step() -> None:
    """The same words under another context take their translation along, and nothing is left behind."""
    po = he(filled(phrase("Hello"), hello="שלום"), phrase("Hello", "menu.start"))
    assert (read(po), obsolete(po)) == ({("menu.start", "Hello"): (("שלום",), False)}, [])


def test_words_translated_in_two_ways_are_not_guessed() -> None:
    """A third place stays empty."""
    old = filled(phrase("Hello", "menu.a"), phrase("Hello", "menu.b"), hello="שלום")
    head, _, tail = old.decode().partition('msgctxt "menu.b"')
    both = (head + 'msgctxt "menu.b"' + tail.replace('msgstr ""', 'msgstr "הי"', 1)).encode()
    po = he(both, phrase("Hello", "menu.a"), phrase("Hello", "menu.b"), phrase("Hello", "menu.c"))
    assert read(po)[("menu.c", "Hello")] == (("",), False)


def test_a_reworded_message_keeps_its_translation_as_fuzzy() -> None:
    """The old words are noted, so that a translator sees what has changed."""
    po = he(filled(phrase("Hello to you"), hello="שלום לך"), phrase("Hello to you all"))
    assert read(po) == {("menu.home", "Hello to you all"): (("שלום לך",), True)}
    assert "# was: Hello to you\n" in po.decode()


def test_the_note_goes_when_the_translator_has_looked() -> None:
    """Without the fuzzy mark the old words have done their work."""
    po = he(filled(phrase("Hello to you"), hello="שלום לך"), phrase("Hello to you all"))
    seen = he(po.replace(b"#, fuzzy\n", b""), phrase("Hello to you all"))
    assert b"was:" not in seen
    assert read(seen) == {("menu.home", "Hello to you all"): (("שלום לך",), False)}


def test_other_words_in_the_same_step_start_empty() -> None:
    """What does not read alike is another message."""
    po = he(filled(phrase("Hello"), hello="שלום"), phrase("Your letter is signed"))
    assert read(po) == {("menu.home", "Your letter is signed"): (("",), False)}


def test_a_translation_without_a_place_waits_at_the_end() -> None:
    """It comes back with its message, and goes only when it is dropped on purpose."""
    gone = he(filled(phrase("Hello"), hello="שלום"))
    assert (read(gone), obsolete(gone)) == ({}, [("menu.home", "Hello")])
    assert read(he(gone, phrase("Hello"))) == {("menu.home", "Hello"): (("שלום",), False)}
    assert obsolete(he(gone, drop=True)) == []


def test_a_doubtful_translation_comes_back_doubtful() -> None:
    """A fuzzy message that lost its place is fuzzy when it finds one again, also elsewhere."""
    doubtful = he(filled(phrase("Hello to you"), hello="שלום לך"), phrase("Hello to you all"))
    gone = he(doubtful)
    assert obsolete(he(gone, phrase("Hello to you all", "menu.next"))) == [("menu.home", "Hello to you all")]
    assert read(he(gone, phrase("Hello to you all"))) == {
        ("menu.home", "Hello to you all"): (("שלום לך",), True)
    }


def test_a_message_that_begins_to_count_is_fuzzy() -> None:
    """One translation in three forms has to be looked at."""
    counted = Phrase(context="menu.home", text="Hello", plural="Hellos", count="n")
    assert read(he(filled(phrase("Hello"), hello="שלום"), counted)) == {
        ("menu.home", "Hello"): (("שלום", "שלום", "שלום"), True)
    }


def test_a_reworded_plural_is_fuzzy() -> None:
    """The singular finds the message, the plural is compared too."""
    old = Phrase(context="menu.home", text="Hello", plural="Hellos", count="n")
    new = Phrase(context="menu.home", text="Hello", plural="Hello to all", count="n")
    po = he(template(()), old).decode()
    for index in range(3):
        po = po.replace(f'msgstr[{index}] ""', f'msgstr[{index}] "{index}"')
    assert read(he(po.encode(), new)) == {("menu.home", "Hello"): (("0", "1", "2"), True)}
    assert read(he(po.encode(), old)) == {("menu.home", "Hello"): (("0", "1", "2"), False)}
