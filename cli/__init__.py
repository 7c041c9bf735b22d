"""`forkpoint`: a client of the API, and the stack that runs everything on one machine."""
