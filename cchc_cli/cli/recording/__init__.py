"""Commands that record and correct."""
