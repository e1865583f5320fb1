"""How a question becomes SQL: periods, filters, dimensions, whom it is asked about, and which table answers."""
