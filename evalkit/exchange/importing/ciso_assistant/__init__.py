"""Libraries of CISO Assistant: each assessable requirement, or the questions in it, becomes a question."""
