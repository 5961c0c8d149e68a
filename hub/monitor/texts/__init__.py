"""What each state means and what to do: one file a state, German and English."""
