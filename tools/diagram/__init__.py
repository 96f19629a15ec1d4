"""The picture of the home on AWS, drawn from a list of boxes and arrows."""
