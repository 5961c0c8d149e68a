"""The dead letters: what lies there, why, and in which order it may be sent again. Pure."""
