"""What sinks and stores share of SQL: how a database is opened, and comes to its tables."""
