"""Questionnaires of VSAQ, in a JSON of their own with comments and joined strings, and saved answers."""
