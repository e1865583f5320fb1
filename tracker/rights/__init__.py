"""A person's rights: to be told all that is kept of them, and to have it erased."""
