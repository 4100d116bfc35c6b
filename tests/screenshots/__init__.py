"""Pictures of every page of every role, for who looks at the whole as one: python -m tests.screenshots."""
