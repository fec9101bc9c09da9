"""Whether what the documentation says is so."""
