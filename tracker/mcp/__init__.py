"""What a key may read, for assistants that speak the Model Context Protocol. It stands on `tracker.client` alone."""
