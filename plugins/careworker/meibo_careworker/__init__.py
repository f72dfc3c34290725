"""Certified care workers (介護福祉士): what the register keeps, asks, charges, shows and forgets."""
