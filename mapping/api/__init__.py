"""The REST API of what follows: summaries, savings cells, sharing pairs, levers and assumption sets."""
