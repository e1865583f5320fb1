"""The way in for a site's own servers, with a key."""
