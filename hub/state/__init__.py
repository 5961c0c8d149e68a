"""What lanes remember, and what they should: no Kafka, no clock."""
