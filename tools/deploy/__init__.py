"""A home on AWS by one command."""
