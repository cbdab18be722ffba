"""What every failure that a user can do something about is derived from."""


class RecipeError(Exception):
    """A step that could not be done; the message says why and what to do."""
