"""Carries events from a source to Kafka and deliveries from Kafka to a sink."""
