"""The read models: what is kept in a database of what the hub delivers, to be asked about."""
