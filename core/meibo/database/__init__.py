"""The five stores: short reads, units of work that keep nothing without `commit()`, migrations."""
