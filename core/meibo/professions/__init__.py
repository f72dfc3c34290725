"""A profession as its plugin declares it, and as core compiles it."""
