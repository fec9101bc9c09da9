"""The composition root: builds the adapters, joins them to the core, and takes them down again."""
