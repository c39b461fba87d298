"""Energy: readings, always with their source, or with the reason why there is none."""
