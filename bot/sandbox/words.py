"""Sets of names, written as a line of words so that tables stay readable."""


def words(line: str) -> frozenset[str]:
    """``words("url copy_text")`` is ``frozenset({"url", "copy_text"})``."""
    return frozenset(line.split())
