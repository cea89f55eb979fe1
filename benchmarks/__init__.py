"""Measures how fast the program is, each figure against a yardstick that runs alternately: `make bench`."""
