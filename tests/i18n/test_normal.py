import pytest

from bot.i18n.normal import normalise, without_prefix


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("שָׁלוֹם", "שלומ"),
        ("ולת״ם", "ולתמ"),
        ('ולת"ם', "ולתמ"),
        ("ולתם", "ולתמ"),
        ("צ׳אט", "צאט"),
        ("בית־ספר", "בית ספר"),
        ("Can\u2019t  GO on!", "cant go on"),
        ("  Yes, connect\u200f me 🙏 ", "yes connect me"),
        ("café", "cafe"),
        ("٢.", "2"),
        ("２", "2"),
        ("2\ufe0f\u20e3", "2"),
        ("my_data", "my data"),
        ("\ufb21\u05b8", "א"),
        ("👍", ""),
        ("<3", ""),
        ("thanks <33 :3", "thanks"),
        ("9:30", "9 30"),
        (">3", "3"),
        ("", ""),
    ],
)
def test_spellings_of_one_word_become_one(text: str, plain: str) -> None:
    """Points, finals, quotes, case, accents, marks and blanks don't make another word."""
    assert normalise(text) == plain


@pytest.mark.parametrize(
    ("word", "bare"),
    [("למכתב", ("מכתב", "כתב")), ("ושלומ", ("שלומ", "לומ")), ("די", ()), ("letter", ()), ("הבית", ("בית",))],
)
def test_attached_prefixes_come_off(word: str, bare: tuple[str, ...]) -> None:
    """One or two of them, while three letters stay."""
    assert without_prefix(word) == bare
