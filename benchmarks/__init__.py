"""How fast the program is, each figure beside a yardstick that runs in turn with it: `make bench`."""
