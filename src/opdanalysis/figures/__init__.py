"""Pictures: each function returns its axes and saves nothing."""
