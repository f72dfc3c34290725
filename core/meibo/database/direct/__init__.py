"""Fixed statements straight on the driver: what every request asks costs no toolkit each time."""
