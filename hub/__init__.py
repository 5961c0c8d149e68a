"""What happens in the middle: routing, lanes, and the commands that run them."""
