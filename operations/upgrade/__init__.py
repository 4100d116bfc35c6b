"""Bringing a site to another version, and back where that fails."""
