"""Whether events move: what the broker says, judged by the clock. Pure but for what tells it."""
