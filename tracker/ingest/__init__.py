"""What happens to a footprint between the door and the store, in two visible tuples (`steps`)."""
