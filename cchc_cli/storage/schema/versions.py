"""How versions follow one another.

A version is in force from the change `seq` up to, not including, `until_seq`.
"""

OPEN = 2**62
"""The `until_seq` of a version that nothing has followed yet."""
