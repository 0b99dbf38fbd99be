"""Captures from the organisation's lab: read as files, and held against what the answers say."""
