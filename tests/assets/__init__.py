"""Tests of what the package ships beside its code."""
