"""What keeps every message of Signal although its daemon forgets what it has written to a socket.

`writer` is a small process of its own that seals each line to the bot's public key and appends it to a file; `reader`
takes the lines into the inbox. Between them lie only files (`folder`, `segment`): neither needs the other to run.
"""
