"""Where attachments lie, sealed like everything else."""

import uuid
from typing import Final

from tests.signal_lab.service.call import Answer, Call, Route, route, said

_HOST: Final = "https://cdn2.signal.org/upload/"


class Uploads:
    """Keeps what is put there."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}

    def routes(self) -> list[Route]:
        """What it answers."""
        place = r"/(?:attachments|upload)(?:/[^/]+)*/([^/]+)"
        return [
            route("GET", r"/v4/attachments/form/upload.*", self._form),
            route("POST", place, self._begin, is_open=True),
            route("PUT|PATCH", place, self._take, is_open=True),
            route("GET", place, self._hand_out, is_open=True),
        ]

    async def _form(self, call: Call) -> Answer:
        key = uuid.uuid4().hex
        return said({"cdn": 2, "key": key, "headers": {}, "signedUploadLocation": _HOST + key})

    async def _begin(self, call: Call) -> Answer:
        return Answer(status=201, headers=(("Location", _HOST + call.found[0]),))

    async def _take(self, call: Call) -> Answer:
        if "*" in call.headers.get("Content-Range", ""):
            return Answer(status=308)  # "how much of it is there?": nothing yet
        self._blobs[call.found[0]] = call.body
        return Answer()

    async def _hand_out(self, call: Call) -> Answer:
        blob = self._blobs.get(call.found[0])
        return Answer(status=404) if blob is None else Answer(body=blob)
