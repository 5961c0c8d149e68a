"""Hands probes in as a party does: by HTTP, as a file, as a row of an outbox."""
