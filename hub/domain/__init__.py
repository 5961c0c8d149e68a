"""What is right: parties, rules, copies and receipts as pure functions of event and state."""
