"""A server that vouches for others by signed tokens: its keys, and what its tokens are worth."""
