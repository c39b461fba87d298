"""Other people's protocols, thin, over the platform's own services."""
