"""The support offers as they stand now, kept from deliveries, read by the open directory."""
