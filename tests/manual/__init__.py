"""The manual's pictures and files: python -m tests.manual, called by `make manual`."""
