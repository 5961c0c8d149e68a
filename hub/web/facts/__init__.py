"""What a case contains, as chapters of labelled facts in the words of one language."""
