"""A whole installation under faults drawn from a seed: real servers, programs, signals, links.

    python -m tests.chaos --seconds 900 --seed 1

worlds.py runs the programs, faults.py and users.py say what is done to them, observers.py watches
meanwhile, verdicts.py asks the database at the end, campaigns.py puts them together.
"""
