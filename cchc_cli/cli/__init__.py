"""One module a command: it parses, calls one service and prints.

Only here are the clock, the environment and the terminal read.
"""
