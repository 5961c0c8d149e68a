"""Folders as a door: a party drops JSONL, CSV or XML files, the hub takes each once."""
