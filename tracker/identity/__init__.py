"""Who is who: identifiers, the edges between them, and the profiles that these make."""
