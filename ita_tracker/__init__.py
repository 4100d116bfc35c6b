"""The site: settings, addresses, and what belongs to no room alone."""

__version__ = "0.1.0"
