"""Read-only views over all slices: what was predicted against what happened."""
