"""`python -m cchc_cli`, and the entry of the installed command."""

from cchc_cli.cli.error_handling import main

if __name__ == "__main__":
    main()
