"""What ``make bench`` runs: our figures with their goals, and peers beside them."""
