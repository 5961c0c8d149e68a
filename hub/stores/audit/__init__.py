"""The audit as a table of which rows are only added, by one writer at a time."""
