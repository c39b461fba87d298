"""Events: what happened, told to those outside as a stream and by webhooks."""
