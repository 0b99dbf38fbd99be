"""The fast engine for whoever uses papermill: cells run in a forked child, the rest in the caller."""
