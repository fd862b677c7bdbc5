"""The migrations, by their revisions."""
