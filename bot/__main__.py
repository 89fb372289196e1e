"""`python -m bot` and the `bot` command: hands over to `bot.cli`, which ends the process with a clear status."""

import gc

# Collecting garbage while modules are read costs a tenth of a second and finds none; `app` switches it on again.
gc.disable()

from bot.cli import main  # noqa: E402 - see above

if __name__ == "__main__":
    main()
