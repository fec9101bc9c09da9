"""Deskphone: a desk phone on a Raspberry Pi whose call recording can be trusted."""

__version__ = "0.1.0"
