"""Textbook methods on arrays, which know nothing of cities."""
