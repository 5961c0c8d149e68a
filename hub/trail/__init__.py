"""The trail of a case, the report of many, and the statement of a day, made of ledger lines."""
