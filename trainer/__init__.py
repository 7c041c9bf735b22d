"""The training program: a RunSpec on standard input, events on standard output."""
