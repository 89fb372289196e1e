"""`python -m bot` and the `bot` command: hands over to `bot.cli`, which ends the process with a clear status."""

from bot.cli import main

if __name__ == "__main__":
    main()
