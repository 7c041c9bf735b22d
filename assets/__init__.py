"""The files that models and tasks are made of: found under their roots, read and hashed."""
