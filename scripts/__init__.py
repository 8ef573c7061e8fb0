"""What keeps the repository installable: checks of the pins and of each Python."""
