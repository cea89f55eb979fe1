"""Language: messages, errors, Vietnamese text, numbers with their units."""
