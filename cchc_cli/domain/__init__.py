"""The rules of the field, pure: no files, no clock, no SQL, no terminal."""
