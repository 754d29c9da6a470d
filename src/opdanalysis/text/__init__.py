"""Words for people, in Indonesian and English."""
