"""The doors: each turns one outside system into events, or events into it."""
