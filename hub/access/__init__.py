"""Who may come in and what they may do: roles, passwords, pauses, sessions. Pure."""
