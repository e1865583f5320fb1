"""What sends messages of all sorts: posts to addresses outside, several abreast, each held and tried again."""
