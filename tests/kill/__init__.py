"""A real Home Assistant that is killed in the middle of a power cycle."""
