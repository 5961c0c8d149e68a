"""Who calls at a door, what they may do there, and how much of it."""
