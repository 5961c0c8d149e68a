"""A sink: keeps a party's deliveries and receipts in SQL tables, each exactly once."""
