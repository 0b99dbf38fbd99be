"""What a board reads: one brief of pure values, and the documents that say it."""
