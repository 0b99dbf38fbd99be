"""Questionnaires and answers of other programs: each format in one file, all by way of a draft."""
