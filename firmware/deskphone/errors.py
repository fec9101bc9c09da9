"""The one root of the errors that deskphone raises on purpose: each is the fitting builtin too, and says what to do."""


class DeskphoneError(Exception):
    """Something that a person can put right; its text says how."""
