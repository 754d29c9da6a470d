"""What follows: pure functions of a city, a placement and values."""
