"""A process that holds what only Python has, and answers spiq's messages about it."""
