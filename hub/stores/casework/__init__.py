"""A party's desk in SQL: its case files, its outbox, and what its clerks did."""
