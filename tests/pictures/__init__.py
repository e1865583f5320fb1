"""What the pages look like: pictures of each in the light, in the dark, on a phone and from right to left."""
