"""The monitor and the dead-letter desk, wired: from settings to what looks, tells and is read."""
