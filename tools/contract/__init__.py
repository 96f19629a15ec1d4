"""What is declared, for readers: the API's contract, and what each function of AWS may do."""
