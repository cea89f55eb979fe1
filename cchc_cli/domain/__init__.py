"""The domain rules, pure: no files, no clock, no SQL, no terminal."""
