"""Everything a bot has to say and to understand, read from the flows, the cards and the translations at the start."""

from collections.abc import Mapping
from pathlib import Path

from bot.engine.parse import (
    CRISIS_EXCEPTIONS,
    CRISIS_WORDS,
    NAMES,
    URGENT_WORDS,
    WORDING,
    read_book,
    read_cards,
    read_names,
    read_register,
    read_words,
)
from bot.i18n.catalog import Catalogs
from bot.i18n.consent import consent_texts
from bot.i18n.distress import CrisisWords
from bot.i18n.render import Renderer
from bot.i18n.vocabulary import Vocabulary
from bot.model.card import ContentPolicy
from bot.model.person import Language
from bot.model.review import Review, reviewed
from bot.pipeline.speech import Library
from bot.settings import Settings
from bot.store.signing import is_genuine

Words = tuple[Library, Renderer, Vocabulary]


def words(settings: Settings) -> Words:
    """What can be said and understood. Raises FlowsRefused, CatalogMissing, CatalogBroken."""
    book = read_book(settings.flows_dir)
    catalogs = Catalogs.load(settings.locales_dir)
    names = read_names(settings.flows_dir / NAMES)
    renderer = Renderer(catalogs, names=names, phrases=book.phrases)
    crisis = CrisisWords(
        _all_of(read_words(settings.flows_dir / CRISIS_WORDS)),
        _all_of(read_words(settings.flows_dir / CRISIS_EXCEPTIONS)),
    )
    urgent = CrisisWords(_all_of(read_words(settings.flows_dir / URGENT_WORDS)))
    library = Library(
        book=book,
        cards=read_reviews(settings.flows_dir / "cards"),
        policy=ContentPolicy(settings.content_policy),
        consents=consent_texts(book, catalogs),
        names=tuple(names),
        blocked=read_words(settings.flows_dir / WORDING),
    )
    return library, renderer, Vocabulary(book, renderer, crisis, urgent=urgent)


def read_reviews(cards_dir: Path) -> Mapping[str, Review]:
    """Every card of a directory with the approvals that count. Raises FlowsRefused."""
    return reviewed(read_cards(cards_dir), read_register(cards_dir), verify=is_genuine)


def _all_of(words: Mapping[Language, tuple[str, ...]]) -> list[str]:
    """The words of every language: people write in both, whatever theirs is."""
    return [word for of_language in words.values() for word in of_language]
