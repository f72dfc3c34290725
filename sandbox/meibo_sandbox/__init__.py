"""Stand-ins for the outside systems: real servers that speak the real protocols, with synthetic people alone."""
