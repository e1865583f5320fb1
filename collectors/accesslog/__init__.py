"""The way in for access logs: lines of a web server's log become views, read once or followed as they grow."""
