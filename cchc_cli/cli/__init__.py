"""Commands, one module each: it parses options, calls a service and prints.

Only this package reads the clock, the environment and the terminal.
"""
