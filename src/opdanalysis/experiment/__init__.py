"""Every plan in every world."""
