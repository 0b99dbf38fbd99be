"""OSCAL assessment results: what was reviewed becomes questions, findings become answers."""
