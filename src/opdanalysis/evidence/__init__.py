"""A city's own records to estimates."""
