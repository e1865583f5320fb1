"""Ways in for what the scripts of other products send: one module a product, which answers as that product does."""
