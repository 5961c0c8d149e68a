"""Who takes part in the hub, and with which credentials."""
