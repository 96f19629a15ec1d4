"""The sub-commands of tools/aurora.py: each readies .venv and hands over to its Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools.environment import WINDOWS, Environment, Kind, SetupError, say
from tools.web_app import WebApp, WebAppError

INFRA: Final = ".venv/infra"
"""Where the environment is that makes the templates of AWS."""
THROUGH_IT: Final = tuple(
    f"tests/api/test_{name}.py"
    for name in (
        "promises", "success_promises", "tenancy", "etags", "idempotency", "events", "account", "calendars", "closing",
        "edge", "free_busy", "jobs_of_the_api", "large_events", "linking", "mends", "rate", "sessions", "system",
        "table_of_the_product",
    )
)  # fmt: skip
"""What of the REST suite is run through a deployed home: what was seen to pass there, or to say why it cannot."""
Command = Callable[[Environment, list[str]], int]

USAGE: Final = """\
usage: python tools/aurora.py COMMAND [arguments]

  setup [--aws|--dev]
                 make .venv ready (--aws: for DynamoDB too; --dev: also with what tests and checks need)
  run            start Aurora Time on this machine; arguments go to `aurora serve`
  demo           sign up, add an event and watch its reminder mail arrive
  test           all tests with the coverage floors; with arguments, pytest on those
  check          style, types, layers, budgets, generated files, locks
  bench          measure speed, with peers beside us
  soak, chaos, fuzz
                 the long tests: steady load, kill -9, random input
  contract       the storage engines through the same tests
  test-aws       all that runs on an emulated AWS, the REST suite on DynamoDB included, and the templates
  templates      the templates of AWS alone: what their tests hold them to
  deployed       the home that the templates make, deployed in the emulator
  site FOLDER    the web app as static files, as a home on AWS serves it
  deploy --env dev
                 a home on AWS, as deploy.toml says (docs/runbook.md); --plan only shows, --bootstrap is once
  generate       write the generated files anew (--check: only compare)
  screenshots    take the pictures of docs/images anew (needs Chromium)
  lock           pin the dependencies of pyproject.toml anew (--upgrade: lift them)
"""


def main(arguments: list[str]) -> int:
    """Run the sub-command that the first argument names; the exit status."""
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0
    command = COMMANDS.get(arguments[0])
    if command is None:
        sys.stderr.write(f"There is no command {arguments[0]!r}.\n\n{USAGE}")
        return 2
    try:
        return command(Environment(), arguments[1:])
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def setup(environment: Environment, arguments: list[str]) -> int:
    kind: Kind = "dev" if "--dev" in arguments else "aws" if "--aws" in arguments else "run"
    environment.ensure(kind)
    build_web_app(environment, dev=kind == "dev")
    say(f"{environment.folder} is ready.")
    return 0


def build_web_app(environment: Environment, *, dev: bool = False) -> bool:
    """Build what has changed of the web app; where that cannot be, False and a sentence: the plain pages do without."""
    web_app = WebApp(environment.root)
    if not web_app.is_built():
        say("Building the web app (once, about 15 s) ...")
    try:
        web_app.ensure(dev=dev)
    except WebAppError as error:
        say(f"The web app is not there, the plain pages are: {error}")
        return False
    return True


def web_tests(environment: Environment) -> int:
    """The web app's types and unit tests; where it cannot be built that is a failure on CI, and one line elsewhere."""
    if not build_web_app(environment, dev=True):
        return int(os.environ.get("CI", "").lower() not in ("", "0", "false"))
    web_app = WebApp(environment.root)
    commands = (web_app.npm("run", "--silent", "check"), web_app.script("vitest", "vitest.mjs", "run"))
    done = [subprocess.run(each, cwd=web_app.sources, env=web_app.environ, check=False) for each in commands]
    return max(each.returncode for each in done)


def run(environment: Environment, arguments: list[str]) -> int:
    environment.ensure("run")
    build_web_app(environment)
    return become(environment, ["-m", "aurora_time", "serve", *arguments])


def demo(environment: Environment, arguments: list[str]) -> int:
    environment.ensure("dev")
    return become(environment, ["-m", "tools.demo", *arguments])


def bench(environment: Environment, arguments: list[str]) -> int:
    environment.ensure("dev")
    return become(environment, ["-m", "benchmarks", *arguments])


def test(environment: Environment, arguments: list[str]) -> int:
    """All tests with coverage and its floors; with arguments, only what they ask of pytest."""
    environment.ensure("dev")
    if arguments:
        build_web_app(environment)
        return become(environment, ["-m", "pytest", *arguments])
    from tools import floors

    spread = ["-n", "auto", "--dist", "worksteal", "-m", "not slow"]
    coverage = [str(environment.python), "-m", "coverage"]
    report = environment.folder / "coverage.json"

    def call(*words: str) -> int:
        return subprocess.run([*coverage, *words], cwd=environment.root, check=False).returncode

    web_failed = web_tests(environment)
    call("erase")
    failed = call("run", "-m", "pytest", *spread)
    call("combine", "--quiet")
    if call("json", "--quiet", "-o", str(report)):
        return failed or 1
    return (failed or web_failed) if floors.check(report) else failed or 1


def long_tests(marker: str) -> Command:
    """The tests that carry a marker, `slow` ones too, one after another with their output shown."""

    def command(environment: Environment, arguments: list[str]) -> int:
        environment.ensure("dev")
        os.environ.setdefault("EFFORT", "20")
        return become(environment, ["-m", "pytest", "-m", marker, "--timeout", "0", "-s", *arguments])

    return command


def contract(environment: Environment, arguments: list[str]) -> int:
    environment.ensure("dev")
    return become(environment, ["-m", "pytest", "tests/contract", *arguments])


def templates(environment: Environment, arguments: list[str]) -> int:
    """What the templates of AWS are held to."""
    failed = with_cdk(environment, "pytest", "-p", "no:cacheprovider", "infra/tests", *arguments)
    # `make check` reads ours alone; with CDK's own types it takes two minutes the first time.
    types = 0 if arguments else with_cdk(environment, "mypy", "--strict", "infra", "--cache-dir", f"{INFRA}/mypy")
    return failed or types


def with_cdk(environment: Environment, *words: str, **more: str) -> int:
    """Run a module of Python where the templates are made, an environment of its own: what makes them is large."""
    own = Environment(environment.root, INFRA)
    own.ensure("infra")
    web_app = WebApp(environment.root)
    try:
        web_app.install(dev=False)  # it brings Node, which makes the templates, too
    except WebAppError as error:
        raise SetupError(str(error)) from None
    environ = {**web_app.environ, **more}
    return subprocess.run([str(own.python), "-m", *words], cwd=environment.root, env=environ, check=False).returncode


def deployed(environment: Environment, arguments: list[str]) -> int:
    """The stacks in the emulator as they are deployed, and what is asked of them from outside; then the REST suite
    through them, as far as THROUGH_IT has it.
    """
    build_web_app(environment, dev=True)
    # With our Node on its path: the emulator runs the functions of the distribution with it.
    environ = {**WebApp(environment.root).environ, "AURORA_ASSEMBLY": str(assembly(environment))}
    # Two homes, since most of the time a test waits for the other's clock or queue.
    pytest = [str(environment.python), "-m", "pytest", "--timeout", "900", "-n", "2", "--dist"]
    own = [*pytest, "loadfile", "-m", "deployed", "tests/aws/deployed", *arguments]
    failed = subprocess.run(own, cwd=environment.root, env=environ, check=False).returncode
    rest = [*pytest, "worksteal", *THROUGH_IT, *arguments]
    through = {**environ, "AURORA_TEST_TABLE": "deployed"}
    return subprocess.run(rest, cwd=environment.root, env=through, check=False).returncode or failed


def assembly(environment: Environment) -> Path:
    """The folder with all templates, made anew with a package of what this environment has. Raises SetupError."""
    environment.ensure("dev")
    package = [str(environment.python), "-m", "tools.lambda_package", "--here"]
    made = environment.root / "build" / "assembly"
    shutil.rmtree(made, ignore_errors=True)
    failed = subprocess.run(package, cwd=environment.root, check=False).returncode
    if failed or with_cdk(environment, "infra.app", CDK_OUTDIR=str(made), AURORA_PACKAGE="build/lambda"):
        raise SetupError("The templates could not be made; the reason stands above.")
    return made


def test_aws(environment: Environment, arguments: list[str]) -> int:
    """The tests with the mark `aws` at full effort, then the REST suite through functions with every table in DynamoDB,
    then the templates, then the home that they make, deployed.
    """
    environment.ensure("dev")
    spread = [str(environment.python), "-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments]
    full = {**os.environ, "EFFORT": os.environ.get("EFFORT", "20")}
    # The REST suite comes by itself: there, effort is how many random lives a series has, not how bad a day is.
    others = [*spread, "--timeout", "900", "-m", "aws", "--ignore", "tests/api"]
    failed = subprocess.run(others, cwd=environment.root, env=full, check=False).returncode
    on_dynamodb = {**os.environ, "AURORA_TEST_TABLE": "dynamodb"}
    rest = subprocess.run([*spread, "tests/api"], cwd=environment.root, env=on_dynamodb, check=False).returncode
    # All of it, whatever fails first: what failed last is what was not known yet.
    later = [templates(environment, []), deployed(environment, [])]
    return next(filter(None, (failed, rest, *later)), 0)


def site(environment: Environment, arguments: list[str]) -> int:
    """No .venv is needed: Amplify Hosting runs this with a Python of its own."""
    from tools.site import lay_out

    folder = Path(arguments[0] if arguments else environment.root / "build" / "site")
    try:
        names = lay_out(WebApp(environment.root), folder)
    except WebAppError as error:
        raise SetupError(str(error)) from None
    say(f"{folder}: {len(names)} files.")
    return 0


def deploy(environment: Environment, arguments: list[str]) -> int:
    environment.ensure("dev")
    Environment(environment.root, INFRA).ensure("infra")
    return become(environment, ["-m", "tools.deploy", *arguments])


def check(environment: Environment, _arguments: list[str]) -> int:
    environment.ensure("dev")
    from tools import quality

    return quality.check(environment)


def generate(environment: Environment, arguments: list[str]) -> int:
    environment.ensure("run")
    from tools import generated

    if "--check" in arguments:
        found = generated.differences(environment)
        print("\n".join(found), end="\n" if found else "")
        return 1 if found else 0
    changed = generated.write(environment)
    say(f"Wrote {', '.join(changed)}." if changed else "All generated files are up to date.")
    return 0


def screenshots(environment: Environment, arguments: list[str]) -> int:
    environment.ensure("dev")
    return become(environment, ["-m", "tools.screenshots", *arguments])


def lock(environment: Environment, arguments: list[str]) -> int:
    environment.ensure("dev")
    from tools import locks

    locks.write(environment, arguments)
    return 0


def become(environment: Environment, arguments: list[str]) -> int:
    """Put .venv's Python in this process's place, so that signals reach it and nothing stays between."""
    command = [str(environment.python), *arguments]
    os.chdir(environment.root)
    if not WINDOWS:
        sys.stdout.flush()
        os.execv(command[0], command)
    child = subprocess.Popen(command)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # The child had the same Ctrl-C from the console and ends by itself.


COMMANDS: Final[dict[str, Command]] = {
    "setup": setup,
    "run": run,
    "demo": demo,
    "test": test,
    "check": check,
    "bench": bench,
    "soak": long_tests("soak"),
    "chaos": long_tests("chaos"),
    "fuzz": long_tests("fuzz"),
    "contract": contract,
    "test-aws": test_aws,
    "templates": templates,
    "deployed": deployed,
    "site": site,
    "deploy": deploy,
    "generate": generate,
    "screenshots": screenshots,
    "lock": lock,
}
