"""What a server answers under load, beyond what it can do, and over a long time."""
