"""The project: settings, addresses, and what runs it."""
