"""Words both ways: what the bot says in a person's language and form, and what a person's words mean.

`catalog` finds a translation, `render` makes it a `Rich`; `match`, `command`, `dates` and `distress` read what was
typed. Bidi controls are written here and nowhere else. Called by `actions`, `pipeline`, `lint` and `sandbox`.
"""
