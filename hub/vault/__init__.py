"""The keys of subjects and what is done with them: encrypted, opened, destroyed, proved."""
