"""Six lessons for students: what they look at, and how their answers are checked."""
