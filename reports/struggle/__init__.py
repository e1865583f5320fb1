"""What the reports of struggles share: where they are, since when, what they cost, their stories, other limits."""
