"""The best plan of a city, the frontier of good plans, and how a given plan may be improved."""
