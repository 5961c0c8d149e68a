"""The HTTP door: a municipal system posts CloudEvents and is answered once Kafka has them."""
