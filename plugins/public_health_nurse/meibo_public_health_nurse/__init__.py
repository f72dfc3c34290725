"""Public health nurses (保健師): what the register keeps, asks, charges, shows and forgets."""
