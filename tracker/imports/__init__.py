"""What other products have counted: their exports, read and kept apart from what is counted here."""
