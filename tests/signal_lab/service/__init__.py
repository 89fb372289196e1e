"""As much of Signal's service as signal-cli 0.13 needs to register, to say who it is and to send, on 127.0.0.1.

What people say to each other passes through it sealed by signal-cli itself. It has no groups, no look-up by number,
no usernames, no linked devices and no PINs.
"""
