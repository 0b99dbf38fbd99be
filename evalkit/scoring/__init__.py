"""Pure functions from answers to scorecards: no file, clock, environment or randomness."""
