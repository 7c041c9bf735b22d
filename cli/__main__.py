"""`python -m cli` is `forkpoint`."""

from cli.main import main

main()
