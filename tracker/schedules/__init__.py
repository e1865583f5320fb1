"""Reports by the clock: when they are due, to whom, and an outbox that sends each once."""
