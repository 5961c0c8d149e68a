"""The language everyone speaks: events, topics, and how they look on the wire. Pure."""
