"""Clinical laboratory technologists (臨床検査技師): what the register keeps, asks, charges, shows and forgets."""
