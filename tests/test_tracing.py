"""Coverage is measured beside SQLAlchemy's greenlets, not in them: `tests/tracing.py`."""

import subprocess
import sys
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[1]
WATCHED: Final = """
import sys
import greenlet
from tests.tracing import pause_in_greenlets

seen = []

def tracer(frame, event, _):
    if frame.f_code.co_filename == "<string>":
        seen.append((frame.f_code.co_name, event))
    return tracer

def asked():
    greenlet.getcurrent().parent.switch()
    raise ValueError

def beside():
    one = greenlet.greenlet(asked)
    one.switch()
    meanwhile()
    try:
        one.switch()
    except ValueError:
        afterwards()

def meanwhile():
    pass

def afterwards():
    pass

sys.settrace(tracer)
pause_in_greenlets()
beside()
sys.settrace(None)
print(*(f"{name}:{event}" for name, event in seen if event != "line"))
"""


def test_what_runs_in_a_greenlet_is_not_traced_and_what_comes_of_it_is() -> None:
    """Whoever switches to it is seen until they return, also after an error in it."""
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=PROJECT, capture_output=True, check=True)

    assert done.stdout.decode().split() == [
        *("beside:call", "meanwhile:call", "meanwhile:return", "beside:exception"),
        *("afterwards:call", "afterwards:return", "beside:return"),
    ]
