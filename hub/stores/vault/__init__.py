"""The keys of subjects in a database of their own, wrapped with the master key."""
