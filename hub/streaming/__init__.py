"""The only folder with Faust: lanes that move events exactly once, and their worker."""
