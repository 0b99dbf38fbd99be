"""The fast engine: one warm process that forks a child per notebook, which runs the cells in itself."""
