"""The audit: who has seen or changed what, in a chain that shows whether it is whole. Pure."""
