"""The operations board: what the monitor knows, as pages that everybody on duty understands."""
