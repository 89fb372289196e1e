"""Names under a letter: what is one, how it is shortened, and in which order names stand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.person import Language
from bot.model.signed_name import LONGEST, NameFault, initialled, read_name, sort_key

WORDS = [
    st.from_regex(r"[אבגכךםןש]([\u05b8\u05c1]?['׳]?[אבגכךםןש-])*", fullmatch=True),
    st.from_regex(r"[abNoßØǰŉ][\u0301]?([aéo'’-][oß\u0301]?)*", fullmatch=True),
    st.from_regex(r"[бЖИ][жи]*", fullmatch=True),
    st.from_regex(r"[مس]+", fullmatch=True),
]
NEARLY = st.lists(st.one_of(WORDS), min_size=1, max_size=4).map(" ".join)
ANYTHING = st.one_of(NEARLY, st.text("אבNo -'׳\u05b8\u0301\u200f.", max_size=12), st.text(max_size=12))
NAMES = NEARLY.map(read_name).filter(lambda name: not isinstance(name, NameFault))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Noa Cohen", "Noa Cohen"),
        ("  Noa \u00a0  Cohen ", "Noa Cohen"),
        ("Noa\nCohen", "Noa Cohen"),
        ("Noa Cohen.", "Noa Cohen"),
        ("Noa C.", "Noa C"),
        ("נועה כהן", "נועה כהן"),
        ("\u200fנועה כהן\u200f", "נועה כהן"),
        ("נֹעָה כהן", "נֹעָה כהן"),
        ("ג'ורג' חורי", "ג׳ורג׳ חורי"),
        ("نورا خـوري", "نورا خـوري"),
        ("נועה בן־ארי", "נועה בן-ארי"),
        ("Noa Ben\u2013Ari", "Noa Ben-Ari"),
        ("Sean O'Brien", "Sean O’Brien"),
        ("Jose\u0301 Perez", "José Perez"),
        ("\ufb2a\u05b8רה כהן", "\u05e9\u05b8\u05c1רה כהן"),
        ("נועה Cohen", "נועה Cohen"),
        ("Иван Петров", "Иван Петров"),
        ("سارة خوري", "سارة خوري"),
        ("\uff2eoa Cohen", "Noa Cohen"),
    ],
)
def test_a_name_comes_out_in_one_form(typed: str, name: str) -> None:
    """Spaces, hyphens, apostrophes and letters with two spellings read one way."""
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", NameFault.EMPTY),
        (" . ", NameFault.EMPTY),
        ("\u200f", NameFault.EMPTY),
        ("Noa \u202eCohen", NameFault.HIDDEN),
        ("Noa \u2067Cohen\u2069", NameFault.HIDDEN),
        ("Noa\u200bCohen Levi", NameFault.HIDDEN),
        ("Noa Co\u034fhen", NameFault.HIDDEN),
        ("Noa Cohen\ufe0f", NameFault.HIDDEN),
        ("Noa Co\u00adhen", NameFault.HIDDEN),
        ("Noa \ue000", NameFault.HIDDEN),
        ("\u0640\u0640 \u0640", NameFault.SIGNS),  # what makes Arabic words longer, and no word
        ("Noa \udc00", NameFault.HIDDEN),
        ("/start now", NameFault.LINK),
        ("@noa cohen", NameFault.LINK),
        ("noa cohen.com", NameFault.LINK),
        ("www noa", NameFault.LINK),
        ("Noa Cohen 2", NameFault.NUMBERS),
        ("Noa ٣ Cohen", NameFault.NUMBERS),
        ("Noa, Cohen", NameFault.SIGNS),
        ("=Noa Cohen", NameFault.SIGNS),
        ("Noa Cohen 🙂", NameFault.SIGNS),
        ("Noa - Cohen", NameFault.SIGNS),
        ("-Noa Cohen", NameFault.SIGNS),
        ("'Noa' Cohen", NameFault.SIGNS),
        ("עו״ד כהן", NameFault.SIGNS),
        ("\u0301Noa Cohen", NameFault.SIGNS),
        ("No\u0325\u0325\u0325\u0325\u0325a Cohen", NameFault.SIGNS),
        ("Noa\u20dd Cohen", NameFault.SIGNS),
        ("N\u0336o\u0336a\u0336 Cohen", NameFault.SIGNS),
        ("נ\u0332ועה כהן", NameFault.SIGNS),
        ("No\u0360a Cohen", NameFault.SIGNS),
        ("诺亚 科恩", NameFault.SCRIPT),
        ("N\u03bfa Cohen", NameFault.MIXED),
        ("Иvан Петров", NameFault.MIXED),
        ("Noa-כהן לוי", NameFault.MIXED),
        ("No\u05b8a Cohen", NameFault.MIXED),
        ("Noa", NameFault.ONE_WORD),
        ("Noa " + "x" * LONGEST, NameFault.LONG),
    ],
)
def test_what_is_no_name_has_its_reason(typed: str, fault: NameFault) -> None:
    """Nothing is guessed or quietly left out: the person hears why, and types again."""
    assert read_name(typed) is fault


@given(ANYTHING)
def test_reading_a_name_twice_changes_nothing(typed: str) -> None:
    """What is shown is what is sealed, however often it is read."""
    name = read_name(typed)

    assert isinstance(name, NameFault) or read_name(name) == name


@given(NAMES)
def test_a_name_is_safe_wherever_it_is_printed(name: str) -> None:
    """It begins with a letter, is short, and has nothing in it that turns, hides, links or counts."""
    assert name[0].isalpha()
    assert len(name) <= LONGEST
    assert {unicodedata.category(sign)[0] for sign in name} <= set("LMZP")
    assert set(name) & set("=+@\t\r\n\"'<>&;,") == set()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Noa Cohen", "Noa C."),
        ("Noa C", "Noa C."),
        ("noa cohen", "noa C."),
        ("Noa Ben-Ari", "Noa B."),
        ("Noa Maria de Cohen", "Noa C."),
        ("Noa éluard", "Noa É."),
        ("נועה כהן", "נועה כ׳"),
        ("נועה כֹּהֵן", "נועה כ׳"),
        ("ג׳ורג׳ ג׳אבר", "ג׳ורג׳ ג׳"),
        ("Anna Žižek", "Anna Ž."),
    ],
)
def test_a_name_and_an_initial(name: str, short: str) -> None:
    """The first word, and one letter of the last; nothing of what stands between."""
    assert initialled(name) == short


@given(NAMES)
def test_who_types_the_initial_needs_no_more(name: str) -> None:
    """The short form is a name that is short already, so nobody has to type what is not shown."""
    short = initialled(name)
    again = read_name(short)

    assert not isinstance(again, NameFault)
    assert initialled(again) == short


HEBREW_ORDER = [
    "אבי כהן",
    "בן ארי",
    "בן-צבי לוי",
    "בנאי לוי",
    "ג׳ורג׳ לוי",
    "גיא לוי",
    "דו אב",
    "ד\u05f0 אב",
    "דוז אב",
    "דן אך",
    "דן אכא",
    "דָּן אל",
    "תמר לוי",
    "Adam Levi",
    "Noa Levi",
]
ENGLISH_ORDER = [
    "adam Levi",
    "Ben Ari",
    "Ben-Zvi Levi",
    "Benai Levi",
    "Dan Obrie",
    "Dan O’Brien",
    "Dan Obrient",
    "Éva Levi",
    "Eva Maor",
    "Leo Levi",
    "Łukasz Levi",
    "Maya Levi",
    "Ørjan Levi",
    "Osnat Levi",
    "Zoe Levi",
    "אבי כהן",
    "תמר לוי",
]


@pytest.mark.parametrize(
    ("language", "lines"), [(Language.HEBREW, HEBREW_ORDER), (Language.ENGLISH, ENGLISH_ORDER)]
)
def test_lines_stand_in_alphabetical_order(language: Language, lines: list[str]) -> None:
    """Points, accents, case, geresh and final letters don't count; a word ends before a longer one."""
    backwards = lines[::-1]
    backwards.sort(key=lambda line: sort_key(line, language))

    assert backwards == lines


@given(st.lists(NAMES, max_size=8), st.sampled_from(Language))
def test_the_order_does_not_depend_on_who_came_first(names: list[str], language: Language) -> None:
    """Two lists of the same names are the same list."""
    backwards = names[::-1]
    backwards.sort(key=lambda name: sort_key(name, language))

    assert sorted(names, key=lambda name: sort_key(name, language)) == backwards
