"""A message with several files, as several lines with one each: what reads a line knows of one file. Pure.

Called by the spool's reader before anything is stored, so that each part is a row of its own. The words stay with the
first; each has its number.
"""

import orjson

from bot.transports.signal.content import PART, is_file


def parts(raw: bytes) -> list[bytes]:
    """The line itself, or one for each of its files, in order; never raises."""
    try:
        whole = orjson.loads(raw)
    except ValueError:
        return [raw]
    match whole:
        case {"params": {"result": {"envelope": {"dataMessage": {"attachments": list(found)} as message}}}}:
            pass
        case {"params": {"envelope": {"dataMessage": {"attachments": list(found)} as message}}}:
            pass
        case _:
            return [raw]
    files = [one for one in found if is_file(one)]
    if len(files) < 2:
        return [raw]
    message |= {"attachments": [files[0], *(one for one in found if not is_file(one))], PART: 1}
    lines = [orjson.dumps(whole)]
    for number, file in enumerate(files[1:], start=2):
        message |= {"attachments": [file], "message": None, "quote": None, PART: number}
        lines.append(orjson.dumps(whole))
    return lines
