"""The package of the functions: our code and what it imports on AWS, with compiled files, and nothing else.

``here`` takes what this environment has, for measuring and for the emulator; else the wheels for Lambda's ARM machines
and its Python are fetched, by the hashes of requirements/aws.txt. All functions share one package; each is told what
it is.
"""

from __future__ import annotations

import compileall
import importlib.metadata
import py_compile
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

from tools.environment import ROOT, Environment, SetupError, say

SHIPPED: Final = (
    "anyio", "argon2-cffi", "argon2-cffi-bindings", "boto3", "botocore", "cffi", "cryptography", "idna",
    "jinja2", "jmespath", "joserfc", "markupsafe", "msgspec", "pycparser", "python-dateutil", "s3transfer", "six",
    "starlette", "structlog", "typing-extensions", "tzdata", "urllib3",
)  # fmt: skip
"""What the functions import, all the way down: no web server, no command line. Only the pages load Starlette."""
SERVICES: Final = frozenset({"cognito-idp", "dynamodb", "s3", "sesv2", "sqs"})
"""Whose descriptions botocore needs; those of the others are nine tenths of it."""
MOST_BYTES: Final = 15_000_000
"""Of the zipped package: a larger one starts more slowly."""
_PLATFORM: Final = "aarch64-manylinux_2_28"
_OLDEST: Final = (3, 12)
"""Of Lambda's Pythons, on Amazon Linux 2023. Those before it have the glibc of Amazon Linux 2, 2.26."""
GLIBC: Final = (2, 34)
"""What Amazon Linux 2023 has; a compiled file that asks for a newer one is not loaded there."""
_THIS: Final = sys.version_info[:2]
_UNUSED: Final = ("__pycache__", "*.pyi", "*.c", "*.h", "tests", "examples", "bin")


def runtime(this: tuple[int, int] = _THIS) -> str:
    """Lambda's Python: the one that makes the package, so that its compiled files hold there, but no older one than has
    a system on which what we ship can be loaded.
    """
    major, minor = max(this, _OLDEST)
    return f"python{major}.{minor}"


def build(environment: Environment, target: Path, *, here: bool) -> Path:
    """Make the folder anew, and its zip beside it. Raises SetupError when the registry cannot be reached or brought
    what cannot be loaded, and when the package is too large.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    if here:
        _copy_installed(target)
    else:
        _fetch(environment, target)
    ours = shutil.ignore_patterns(*_UNUSED, "web")
    shutil.copytree(environment.root / "src" / "aurora_time", target / "aurora_time", ignore=ours)
    _strip(target)
    if not here:
        _hold_to_glibc(target)
    if here or _THIS >= _OLDEST:
        _compile(target)
    else:
        say(
            f"The functions will start more slowly than they could: they run on {runtime()}, and this Python cannot "
            f"compile for it. With a newer one: make deploy PYTHON={runtime()}"
        )
    hold_to_size(target)
    return target


def hold_to_size(target: Path) -> int:
    """The size of the package as it is uploaded; it is left beside the folder. Raises SetupError."""
    size = zipped(target, target.with_suffix(".zip"))
    if size > MOST_BYTES:
        raise SetupError(
            f"The package of the functions is {size / 1e6:.1f} MB zipped, and {MOST_BYTES / 1e6:.0f} MB are the most: "
            f"each function would start more slowly. What is large in it: {', '.join(_largest(target))}."
        )
    return size


def _largest(target: Path) -> list[str]:
    """The three largest of what lies in the package, with the bytes that they have before they are packed."""
    sizes = {
        each.name: sum(file.stat().st_size for file in [each, *each.rglob("*")] if file.is_file())
        for each in target.iterdir()
    }
    return [f"{name} ({sizes[name] / 1e6:.1f} MB)" for name in sorted(sizes, key=sizes.__getitem__, reverse=True)[:3]]


def _compile(target: Path) -> None:
    # Not held against the source's time: a package has none.
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(target, quiet=2, invalidation_mode=mode, stripdir=str(target), optimize=0)


def _hold_to_glibc(target: Path) -> None:
    asks = {str(each.relative_to(target)): glibc_of(each.read_bytes()) for each in sorted(target.rglob("*.so*"))}
    most = ".".join(map(str, GLIBC))
    wrong = [f"{name} needs glibc {major}.{minor}" for name, (major, minor) in asks.items() if (major, minor) > GLIBC]
    if wrong:
        raise SetupError(f"Lambda's machines have glibc {most}, and could not load all of it: {', '.join(wrong)}.")


def glibc_of(library: bytes) -> tuple[int, int]:
    """The newest glibc that a compiled file asks for, by the versions of the symbols that it names; (0, 0) for none."""
    found = re.findall(rb"\0GLIBC_(\d+)\.(\d+)", library)
    return max(((int(major), int(minor)) for major, minor in found), default=(0, 0))


def zipped(folder: Path, file: Path) -> int:
    """The size of the package as it is uploaded, in bytes; the same bytes each time."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            about = zipfile.ZipInfo(str(path.relative_to(folder)), (1980, 1, 1, 0, 0, 0))
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(about, path.read_bytes())
    return file.stat().st_size


def _copy_installed(target: Path) -> None:
    for name in SHIPPED:
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # cffi needs pycparser only to build
        for file in found.files or ():
            source = Path(str(found.locate_file(file)))
            if ".." not in file.parts and "__pycache__" not in file.parts and source.is_file():
                to = target / file
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, to)


def _fetch(environment: Environment, target: Path) -> None:
    wanted = target.with_suffix(".txt")
    wanted.write_text(subset(environment.lock("aws").read_text(encoding="utf-8")), encoding="utf-8")
    command = [str(environment.script("uv")), "pip", "install", "--quiet", "--no-deps", "--require-hashes",
               "--only-binary", ":all:", "--python-platform", _PLATFORM, "--python-version", runtime()[6:],
               "--target", str(target), "-r", str(wanted)]  # fmt: skip
    if subprocess.run(command, cwd=environment.root, check=False).returncode:
        raise SetupError("The packages of the functions could not be fetched; uv's words stand above.")


def subset(lock: str) -> str:
    """The blocks of a lock that name what is shipped."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock)
    return "\n".join(block for block in blocks if re.split(r"[=\[; ]", block)[0].lower() in SHIPPED) + "\n"


def _strip(target: Path) -> None:
    data = target / "botocore" / "data"
    for folder in (each for each in data.iterdir() if each.is_dir() and each.name not in SERVICES):
        shutil.rmtree(folder)
    for pattern in _UNUSED:
        for path in list(target.rglob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def main(words: list[str]) -> int:
    here = "--here" in words
    try:
        made = build(Environment(), ROOT / "build" / "lambda", here=here)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    size = made.with_suffix(".zip").stat().st_size
    print(f"{made}: {size / 1e6:.1f} MB zipped, for {'this machine' if here else runtime()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
