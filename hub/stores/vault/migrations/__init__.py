"""The steps from no tables to the newest."""
