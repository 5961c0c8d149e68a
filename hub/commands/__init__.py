"""The commands, one module a group: each parses, calls the wiring, and prints."""
