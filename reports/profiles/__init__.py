"""Profiles: who came, by what they are known as one, and all that they did here; read from both stores."""
