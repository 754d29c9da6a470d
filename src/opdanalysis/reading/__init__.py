"""The only door in: tables, cities, plans, parameters and studies are read here."""
