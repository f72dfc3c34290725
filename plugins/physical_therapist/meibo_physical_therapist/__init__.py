"""Physical therapists (理学療法士): what the register keeps, asks, charges, shows and forgets."""
