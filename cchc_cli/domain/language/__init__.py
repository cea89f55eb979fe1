"""What is said: messages, errors, Vietnamese text, numbers with their units."""
