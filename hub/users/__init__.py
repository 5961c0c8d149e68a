"""Who may come to the broker, and what each may do there. Pure."""
