"""Who signs with which key: the registry of keys, what is checked by it, and what is sealed."""
