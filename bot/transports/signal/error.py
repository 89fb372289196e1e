"""What can become of a call to signal-cli that was not answered with a result. Nothing of a call stands in the text."""


class SignalError(Exception):
    """The daemon did not give a result."""


class NotConnected(SignalError):
    """There is no connection: surely nothing was called."""


class Unsure(SignalError):
    """The connection went, or the time was up, before the answer came: the call may have been done."""


class RpcError(SignalError):
    """The daemon answered with an error. `said` is its own sentence, which may hold names and numbers: never logged.

    `data` is what the daemon adds, for a `send` the result for each recipient (`response.results`).
    """

    def __init__(self, code: int, said: str = "", data: object = None) -> None:
        super().__init__(f"signal-cli answered with error {code}")
        self.code = code
        self.said = said
        self.data = data
