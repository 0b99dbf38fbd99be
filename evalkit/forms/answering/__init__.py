"""The form in which architects answer: rules and state in Python, one widget, its page in ``front``."""
