"""Talking with a person, if there is one: everything here goes to standard error, so that data stays clean."""

import sys


def say(words: str) -> None:
    """Tell whoever watches."""
    print(words, file=sys.stderr, flush=True)


def interactive() -> bool:
    """Return whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str | None = None) -> str:
    """Return a person's answer; call only when `interactive`."""
    while True:
        print(f"{question}{f' [{default}]' if default else ''}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        if answer := line.strip() or default:
            return answer


def secret(question: str) -> str:
    """Return what a person types, unseen."""
    import getpass

    return getpass.getpass(f"{question}: ", stream=sys.stderr)


def confirm(question: str) -> bool:
    """Return whether a person said yes; silence is no."""
    return ask(f"{question} (y/n)", "n").lower() in {"y", "yes"}
