"""What evalkit sees itself: in released artefacts, read and never run, and in captures of the lab."""
