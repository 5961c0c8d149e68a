"""The webhook: deliveries are called out to a party's own address, signed (Standard Webhooks)."""
