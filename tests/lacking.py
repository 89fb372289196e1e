"""What a test says when the machine lacks something: skipped at home, failed where everything must be there."""

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skip the test for want of `what`; fail it if BOT_TEST_REQUIRE_ALL is set."""
    if os.environ.get("BOT_TEST_REQUIRE_ALL"):
        pytest.fail(f"{what} is missing here, and BOT_TEST_REQUIRE_ALL is set", pytrace=False)
    pytest.skip(f"needs {what}")
