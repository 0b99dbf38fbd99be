"""Conditions to settings files, environment, egress lists and a test plan; and what was deployed against it.

The core takes values and gives documents; ``making`` is the one place where they come together, ``folder``
the one that writes.
"""
