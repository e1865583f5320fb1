"""The fingerprint linker: which known browser a fingerprint is of, and why; or that it cannot be told."""
