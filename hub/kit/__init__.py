"""The connector kit: a hub on one's own machine, with cases to pass and a report."""
