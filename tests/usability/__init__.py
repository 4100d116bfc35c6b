"""What the jobs of its users cost, written to docs/USABILITY.md: python -m tests.usability."""
