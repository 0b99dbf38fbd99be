"""Options picked and set beside each other: the panel of 03_compare."""
