"""A page on which a reader moves agencies, changes assumptions and sees at once what follows."""
