"""The mailbox: a party collects its deliveries by HTTP and acknowledges them; no Kafka needed."""
