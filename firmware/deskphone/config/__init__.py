"""The configuration: one TOML file, its model, its loading and its documentation."""
