"""Illustrative data of any size, made up, in a programme of its own that says so on every page and export."""

from .seeding import DEMO, AlreadyThere, Seeded, Size, TooMany, seed_demo

__all__ = ["DEMO", "AlreadyThere", "Seeded", "Size", "TooMany", "seed_demo"]
