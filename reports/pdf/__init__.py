"""Reports on paper: PDF files that people can print, and that screen readers can read."""
