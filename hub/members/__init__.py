"""Parties taken in and out: from settings and register to broker, doors and credential sheet."""
