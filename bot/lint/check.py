"""All rules in one list, and the order they are asked in: what can't be read is not judged any further."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from bot.engine.parse import Problem, read_card_draft, read_draft, read_register_draft
from bot.lint import (
    alert,
    approval,
    audience,
    card,
    command,
    consent,
    crisis,
    direction,
    letter,
    limit,
    option,
    shape,
    tone,
    translation,
    voice,
    wording,
)
from bot.lint.material import Material, Sources, read_material

Rule = Callable[[Material], Iterator[Problem]]

SHAPE_RULES: Final[tuple[Rule, ...]] = (
    shape.system_is_whole,
    shape.targets_exist,
    shape.actions_exist,
    shape.calls_hand_on_what_is_kept,
    shape.steps_are_reached,
    shape.nothing_is_endless,
    shape.no_loop_without_wait,
    shape.waits_have_a_way_out,
    shape.calls_leave_room,
    shape.prompts_ask_once,
    audience.roles_keep_to_themselves,
    audience.roles_are_not_on_every_screen,
    consent.purposes_are_known,
    consent.consent_is_given_to_what_was_read,
    consent.consent_is_to_the_same_words_everywhere,
    voice.voices_do_not_mix,
    voice.members_are_asked_for,
    crisis.no_letter_in_crisis,
    option.options_end_with_the_decision,
    option.refusal_never_stands_alone,
    option.serving_comes_first,
)
WORD_RULES: Final[tuple[Rule, ...]] = (
    command.words_are_unambiguous,
    command.alarm_words_are_there,
    translation.labels_have_no_values,
    translation.translations_are_whole,
    translation.lifetimes_are_told,
    limit.texts_fit,
    limit.labels_fit,
    limit.buttons_fit,
    limit.choices_are_few,
    limit.paragraphs_are_short,
    alert.alerts_say_nothing_of_anybody,
    direction.isolates_are_balanced,
    direction.no_overrides,
    tone.no_digits,
    tone.no_shouting,
    wording.nothing_is_blocked,
    wording.letters_name_no_money,
    option.the_decision_reads_one_way,
    card.cards_exist,
    card.languages_agree,
    card.always_is_for_emergencies,
    card.review_is_after_source,
    card.doubts_name_cards,
    card.phones_are_registered,
    card.nothing_is_hidden,
    card.paragraphs_are_short,
    card.superseded_cards_are_gone,
    approval.approvals_count,
    letter.languages_agree,
    letter.letters_fit_a_phone,
    letter.nothing_is_hidden_or_shouted,
)


def check(flows_dir: Path, locales_dir: Path, *, today: date, actions: Collection[str] = ()) -> list[Problem]:
    """Every problem of the flows, their words and their cards; none if all is well.

    `actions` are the names a step may `do`; without any, that rule is left out.
    """
    draft, cards = read_draft(flows_dir), read_card_draft(flows_dir / "cards")
    register = read_register_draft(flows_dir / "cards")
    if unread := (*draft.problems, *cards.problems, *register.problems):
        return sorted(unread)
    sources = Sources(draft=draft, cards=cards, register=register, today=today)
    material, problems = read_material(sources, flows_dir=flows_dir, locales_dir=locales_dir, actions=actions)
    unreadable = tuple(translation.templates_are_whole(material))
    rules = SHAPE_RULES if unreadable else SHAPE_RULES + WORD_RULES
    return sorted({*problems, *unreadable, *(problem for rule in rules for problem in rule(material))})
