"""What all commands share: options, settings, completion, language, help."""
