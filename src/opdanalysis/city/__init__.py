"""What is: agencies, buildings, services, ties, and who sits where."""
