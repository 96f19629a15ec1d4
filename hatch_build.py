"""What hatch does before it makes a wheel: the web app is built into the package."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))
from tools.web_app import WebApp, WebAppError


class WebAppHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's class is generic in name only
    """Builds the web app, or says why the wheel is made without it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling calls it so
        try:
            WebApp(Path(self.root)).ensure()
        except WebAppError as error:
            self.app.display_warning(f"The wheel has the plain pages only: {error}")
