"""What needs an office or a browser: run by `make test-office` only."""
