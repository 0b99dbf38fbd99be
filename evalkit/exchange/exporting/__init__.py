"""An evaluation in the formats of other programs, a module per format; each says what it cannot carry."""
