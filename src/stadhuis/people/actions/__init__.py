"""What is done with people: one function per deed."""
