"""Being told when a site departs from its usual: what usual is, who watches for what, and what was told."""
