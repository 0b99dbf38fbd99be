"""Answers files that several people and programs change at once: nothing acknowledged is ever lost."""
