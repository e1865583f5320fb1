"""Letters: a site's reports as people read them in their mail."""
