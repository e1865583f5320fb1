"""Answers in a person's words, for pages and for letters: names and numbers, cells, headlines, links."""
