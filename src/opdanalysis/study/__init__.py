"""The housekeeper: runs studies, executes notebooks, writes outputs."""
