"""What stands on the broker, read in bulk without joining any group or changing anything."""
