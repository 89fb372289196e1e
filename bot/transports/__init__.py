"""The platforms, one package each. They know `ports` and `model`, and nothing of one another."""
