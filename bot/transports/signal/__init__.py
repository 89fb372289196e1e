"""Signal, by way of a signal-cli daemon: translate, and nothing more.

`rpc` talks to the daemon and knows nothing of messages; `envelope` reads, `translate` writes, `failure` judges.
"""
