"""Coming in and going out: who is asking, which forms are ours, signing in and out.

Whoever's pages stand behind it hand in their table of addresses and a writer of pages.
"""
