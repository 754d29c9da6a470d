"""What we believe: every uncertain number, with its unit, range, evidence and source."""
