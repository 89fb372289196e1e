"""Where a turn is answered: where the person wrote from, else the first place they can be reached."""

from bot.model.person import Address
from bot.model.queue import Origin
from bot.store.people import Known


def reply_address(origin: Origin | None, known: Known) -> Address | None:
    """Where the reply to a message of `origin` goes, or, without one, what the bot says by itself; None if nowhere."""
    if origin:
        found = [address for address in known.addresses if address.platform.value == origin.value]
    else:
        found = [address for address in known.addresses if address.id not in known.unreachable]
    return next(iter(found), None)
