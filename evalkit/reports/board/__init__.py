"""The documents of a board as files."""
