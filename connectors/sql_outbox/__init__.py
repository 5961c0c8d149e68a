"""The outbox door: events lie as rows in the party's own database and are fetched from there."""
