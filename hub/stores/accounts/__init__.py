"""The accounts of a party's clerks, their sessions, and the record of who came in."""
