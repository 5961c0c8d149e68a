"""What a deployment needs besides the hub: its secrets, and the files that services are given."""
