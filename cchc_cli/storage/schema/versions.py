"""The interval in which a version is in force.

A version is in force from the change `seq` up to, not including, `until_seq`.
"""

OPEN = 2**62
"""The `until_seq` of the latest version."""
