"""A package, so that its browser is closed, and the event loop of it ended, before other tests begin."""
