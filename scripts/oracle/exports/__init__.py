"""Small networks exported by the libraries people train with, and what those libraries compute."""
