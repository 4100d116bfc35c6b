"""The append-only log of what must be provable, and its proofs; knows no other room."""
