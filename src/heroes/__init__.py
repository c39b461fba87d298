"""HEROES: high-performance computing as a service."""

__version__ = "0.1.0"
