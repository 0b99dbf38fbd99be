"""HECVAT 4 workbooks: questions and answers by id, from whatever sheet they stand on."""
