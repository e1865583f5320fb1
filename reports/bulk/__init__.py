"""All that is stored of a site, for programs that keep it elsewhere: lines to follow by cursor, and files."""
