"""What is practised for the worst day: a killed machine, a full disk."""
