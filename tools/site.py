"""The web app as a folder of static files, as the homes on AWS serve it: built as everywhere, laid out by address.

Only the standard library is used here, since Amplify Hosting runs this by itself (amplify.yml).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from tools.web_app import WebApp

_LEFT_OUT: Final = frozenset({".br", ".gz", ".txt"})
"""What is packed is packed anew by whoever serves it; the stamp is ours."""


def lay_out(web_app: WebApp, folder: Path) -> list[str]:
    """Build what has changed and put all of it below ``folder``; the names. Raises WebAppError."""
    web_app.ensure()
    shutil.rmtree(folder, ignore_errors=True)
    names = []
    for file in sorted(each for each in web_app.built.rglob("*") if each.is_file()):
        if file.suffix in _LEFT_OUT:
            continue
        to = folder / "app" / file.relative_to(web_app.built)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, to)
        names.append(to.relative_to(folder).as_posix())
    return names
