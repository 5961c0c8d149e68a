"""Signing in at an OpenID provider: its addresses, its keys, and what its tokens are worth."""
