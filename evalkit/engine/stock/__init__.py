"""The portable engine: worker processes with stock nbclient and a kernel per notebook."""
