"""Measurements of what the design promises; a command of its own (`make bench`), never part of the tests."""
