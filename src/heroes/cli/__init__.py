"""The command line `heroes`. Data goes to standard output, everything else to standard error."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    from heroes.cli.tree import run  # this package also holds programs that need no command line

    raise SystemExit(run())
