"""Another process for what is too large or too dangerous for this one: bytes go in, bytes come out, it is over."""

import sys
from asyncio import subprocess

from bot.model.outgoing import Failure, FailureKind, SendFailed


async def made(*program: str, content: bytes) -> bytes:
    """What a Python program makes of `content`. Raises SendFailed; one that is given up on is ended.

    It gets no environment: whatever is wrong with it, no key is near it.
    """
    try:
        maker = await subprocess.create_subprocess_exec(
            *(sys.executable, "-I", *program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
    except OSError:
        raise SendFailed(Failure(kind=FailureKind.NOT_SENT, reason="no_process")) from None
    try:
        content, _ = await maker.communicate(content)
    finally:
        if maker.returncode is None:
            maker.kill()
            await maker.wait()
    if maker.returncode != 0:
        raise SendFailed(Failure(kind=FailureKind.REJECTED, reason="broken_file"))
    return content
