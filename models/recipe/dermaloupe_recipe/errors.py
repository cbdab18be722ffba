"""The base class of the errors that end a script with a message."""


class RecipeError(Exception):
    """A step that could not be done; the message says why and what to do."""
