"""Apache Kafka itself, fetched and started for development, demo and tests."""
