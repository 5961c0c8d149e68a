"""The back office: the pages on which a party's clerks work its cases."""
