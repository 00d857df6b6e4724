"""Hostile input: payloads by grammar, the ways in that carry them, and what must be true of every way out."""
