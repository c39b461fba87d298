"""Files of users, projects and organizations, and their way to the sites and back."""

from heroes.data import lifecycle as _lifecycle  # makes the slice's part of every life cycle known  # noqa: F401
