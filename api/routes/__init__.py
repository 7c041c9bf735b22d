"""One module for each noun of the API. A route validates, calls and returns; nothing else."""
