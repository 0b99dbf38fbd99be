"""What differs between two states of an evaluation, as tables, Markdown, a page and JSON."""
