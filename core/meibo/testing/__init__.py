"""The conformance kit: what a plugin must show before it keeps anybody's licence.

from meibo.testing import PluginConformance

class TestVeterinarian(PluginConformance):
    \"\"\"Every check of `meibo plugin check`, each as a test.\"\"\"
"""

from meibo.testing.conformance import PluginConformance
from meibo.testing.findings import Finding
from meibo.testing.running import check_plugin
from meibo.testing.subjects import Subject

__all__ = ["Finding", "PluginConformance", "Subject", "check_plugin"]
