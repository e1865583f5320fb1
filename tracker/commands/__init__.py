"""The commands of `footfall`, a file a subject; `operations` holds what they ask of the house."""
