"""The predictor of job logs: pure, incremental and causal, without database or network; times in seconds.

`reading` makes a `log`, `replay` goes through it in the order of submission and judges. For each batch `predictor` asks
`candidates` which finished runs a job resembles, by a fixed kernel and a learned one (`attention`); what these weights
say is read off by `ordered` (points) and `density` (quantiles, limits); `boosting` adds experts for the error in
seconds. `selection` knows which expert deserves belief, `calibration` makes intervals, limits and confidence come true.
"""
