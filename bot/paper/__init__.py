"""What is drawn to be printed: a program of its own, `python -m bot.paper`, that knows `model.flyer` and no more of us.

It is run as another process and is over with its sheet: the libraries that draw are larger than the bot
(`pipeline.program`). All words come in with what is asked for; here are only places and sizes, in millimetres.
"""
