"""`heroes predict`: the predictor without a platform, on a log of finished jobs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heroes.cli.output import Column, table
from heroes.cli.tree import noun

if TYPE_CHECKING:
    from heroes.placement.prediction.replay import Verdict

app = noun("Judge the predictor on a log of jobs.")

_COLUMNS = [Column("What", "what"), *(Column(name, name, right=True) for name in ("Predicted", "Anchor", "Goal"))]


@app.callback()
def _group() -> None:
    """Judge the predictor on a log of jobs."""


@app.command()
def replay(
    log: Annotated[Path, typer.Argument(help="A job log: .swf, .swf.gz, or .parquet with the same columns.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the predictions of each job to this file.")] = None,
    boosting: Annotated[bool, typer.Option(help="Use gradient boosting as one of the experts.")] = True,
) -> None:
    """Predict every job of a log by what had finished before it was submitted, and say how good that was."""
    from heroes.placement.prediction.reading import read, write
    from heroes.placement.prediction.replay import judge
    from heroes.placement.prediction.replay import replay as replayed

    try:
        done = replayed(read(log), boosting=boosting)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(str(error), param_hint="LOG") from error
    if out is not None:
        write(out, done.log.job, done.columns)
    if boosting and not done.boosted:
        sys.stderr.write("Without gradient boosting: its library cannot be loaded here (is libgomp installed?).\n")
    found = judge(done)
    sys.stdout.write(f"{log.name}: {found.jobs} jobs in submit order, figures over the last 80 %\n\n")
    table([one.name for one in _COLUMNS], rows(found), _COLUMNS, sys.stdout)
    if out is not None:
        sys.stderr.write(f"Wrote {out}.\n")


@app.command()
def history(
    out: Annotated[Path, typer.Argument(help="The log to write: a .parquet file, for `heroes predict replay`.")],
) -> None:
    """Write the jobs of your organization that ended, as far as you may read them, as a log."""
    from heroes.cli import session
    from heroes.placement.prediction.reading import write_log

    if out.suffix != ".parquet":
        raise typer.BadParameter("give it the ending .parquet", param_hint="OUT")
    jobs = write_log(out, session.connect().pages("/organization/decision/history", limit=1000))
    sys.stderr.write(f"Wrote {jobs} jobs to {out}.\n")


def rows(found: "Verdict") -> list[list[str]]:
    """Return the figures as rows of text."""
    ratio = found.error / found.tsafrir_error
    return [
        ["run time, accuracy: mean min(p, r)/max(p, r)", f"{found.accuracy:.3f}", _anchors(found), "≥ .66 on the mean"],
        ["run time, mean absolute error (s)", f"{found.error:.0f}", f"last two {found.tsafrir_error:.0f}", ""],
        ["  as a share of that of the last two", f"{ratio:.3f}", "1.000", "≤ .75"],
        ["90 % interval, coverage", f"{found.coverage90:.3f}", "", ".88–.92"],
        ["  worst block of 5,000 jobs", f"{found.worst_block:.3f}", "", "≥ .80"],
        ["  mean width / mean request", f"{found.width:.2f}", "", ""],
        ["80 % interval, coverage", f"{found.coverage80:.3f}", "", ""],
        ["confidence error, 5 bins", f"{found.confidence_error:.4f}", "", "≤ .02"],
        ["  accuracy of the most confident fifth", f"{found.top_fifth:.3f}", "", ""],
        ["safe limit, accuracy", f"{found.safe_accuracy:.3f}", f"request {found.user_accuracy:.3f}", ""],
        ["  underpredicted", f"{found.safe_under:.3f}", "", "≤ .05"],
    ]


def _anchors(found: "Verdict") -> str:
    return f"last two {found.tsafrir_accuracy:.3f}, request {found.user_accuracy:.3f}"
