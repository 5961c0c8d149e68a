"""The ledger as SQL tables: what trail, report and statement are read from."""
