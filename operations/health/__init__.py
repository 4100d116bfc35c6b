"""Whether the site can work, for those who watch it."""
