"""Spans of what becomes of an event, told to an OpenTelemetry collector: ids and codes only."""
