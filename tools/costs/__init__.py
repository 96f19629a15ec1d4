"""What the home on AWS costs a month: unit prices, usage of a person, and the bill that follows."""
