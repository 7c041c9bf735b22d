"""The rules of Forkpoint: what can be stated without I/O, a clock or hidden randomness."""
