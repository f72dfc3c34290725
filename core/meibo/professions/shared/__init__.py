"""What the registers of several professions hold in common beside their items: rules, law, sample code rows."""
