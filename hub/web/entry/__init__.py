"""Coming in and going out: who is asking, which forms are ours, signing in and out."""
