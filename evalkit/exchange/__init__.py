"""Questionnaires that go to vendors as spreadsheets, and what comes back in them."""
