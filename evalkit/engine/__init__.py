"""Runs notebooks in batches and knows nothing of what they are about. Light: a worker imports this, too."""
