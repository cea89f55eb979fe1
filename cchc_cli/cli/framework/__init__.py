"""What all commands share: options, settings, completion, language, help, output files."""
