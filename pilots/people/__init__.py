"""People: what they are in words, their tokens, their attempts to sign in, and the examples of a first start."""
