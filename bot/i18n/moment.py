"""Values as people read them: dates with their weekday, 24-hour times, numbers, in the voice's zone.

Values travel as strings (ISO 8601, decimal digits); only here do they become words, through Babel's CLDR data.
Israel's own locales are used for both languages: the day before the month, the week from Sunday.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_datetime_format, get_timezone_location
from babel.numbers import format_decimal

from bot.i18n.error import BadValue
from bot.i18n.template import Format
from bot.model.person import Language, Voice

LOCALES: Final = {Language.HEBREW: "he_IL", Language.ENGLISH: "en_IL"}
_CLOCK: Final = "HH:mm"
_DAYS: Final = {Format.DATE: "full", Format.DAY: "long", Format.MONTH: "MMMM y"}


def shown(value: str, kind: Format, *, voice: Voice) -> str:
    """`value` in the words of `voice`. Raises BadValue where it is not what `kind` asks for."""
    try:
        return _shown(value, kind, voice)
    except (ValueError, ArithmeticError, KeyError) as error:
        raise BadValue(f"not a {kind}") from error


def _shown(value: str, kind: Format, voice: Voice) -> str:
    locale = LOCALES[voice.language]
    match kind:
        case Format.PLAIN:
            return value
        case Format.NUMBER:
            return format_decimal(Decimal(value), locale=locale)
        case Format.DATE | Format.DAY | Format.MONTH:
            return format_date(_day(value, voice), _DAYS[kind], locale=locale)
        case Format.TIME:
            return format_time(_local(value, voice), _CLOCK, locale=locale)
        case Format.MOMENT:
            return _moment(_local(value, voice), locale)
        case Format.CITY:
            return str(get_timezone_location(ZoneInfo(value), locale=locale, return_city=True))
        case (
            Format.ROUGH
            | Format.COUNTS
            | Format.TALLY
            | Format.WORD
            | Format.WORDS
            | Format.LIST
            | Format.EVEN
            | Format.HOURS
            | Format.NAME
        ):
            raise ValueError("it stands for words of the book")
        case _:
            assert_never(kind)


def _moment(local: datetime, locale: str) -> str:
    day = format_date(local, "full", locale=locale)
    clock = format_time(local, _CLOCK, locale=locale)
    return str(get_datetime_format("full", locale=locale)).format(clock, day)


def _day(value: str, voice: Voice) -> date:
    """The day named, or the day it is in the voice's zone at the moment named."""
    return _local(value, voice) if "T" in value or " " in value else date.fromisoformat(value)


def _local(value: str, voice: Voice) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(ZoneInfo(voice.zone))
