"""The keys of subjects and what is done with them: sealed, opened, destroyed, proved."""
