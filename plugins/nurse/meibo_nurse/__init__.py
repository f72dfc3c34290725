"""Nurses (看護師): what the register keeps, asks, charges, shows and forgets."""
