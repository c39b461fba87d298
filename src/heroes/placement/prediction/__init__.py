"""The predictor: pure, incremental and causal, without database or network; times in seconds."""
