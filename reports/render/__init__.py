"""How an answer is shown: one module a form."""
