"""meibo (名簿): registers of national professional licences. Plugins import `meibo.plugin`."""

__version__ = "0.1.0"
