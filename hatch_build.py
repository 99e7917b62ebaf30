"""Build hook: the wheel holds compiled translations and the manual as pages, the repository only their sources."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Compile(BuildHookInterface[Any]):
    """Runs before every build, an editable install included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every room's catalogue and the manual in place."""
        sys.path.insert(0, self.root)
        from tools.catalogues import compile_all  # noqa: PLC0415  only now can the project's own tools be found
        from tools.manual import compile_manual  # noqa: PLC0415

        compile_all(Path(self.root) / "shuxiang")
        compile_manual(Path(self.root))
